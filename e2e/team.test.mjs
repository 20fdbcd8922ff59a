// The team behind a client’s conversations: the shared queue, who looks after what, who else is looking, and
// notes that a client never learns of.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, password, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const sam = { name: 'Sam Larkin', email: 'sam@maplecourt.example', password };
const note = 'She sounds tired. Call before nine.';

describe('the team', () => {
  let practice, browser, desk, helper, mobile, heard;
  const people = {};

  before(async () => {
    practice = await Practice.open('team');
    people.sam = (await practice.addStaff({ ...sam, role: 'support' })).id;
    await practice.client.send(practice.conversation, 'Good morning');
    browser = await Browser.open();
    desk = new App(await browser.person(practice.server, { device: desktop }));
    helper = new App(await browser.person(practice.server, { device: desktop }));
    mobile = new App(await browser.person(practice.server, { device: phone }));
    heard = listenTo(mobile.page);
    await desk.signIn({ email: owner.email, password });
    await helper.signIn(sam);
    await mobile.signIn(client);
    await mobile.open(provider.name);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  // Everything that reaches the client’s phone: answers and live frames.
  function listenTo(page) {
    const all = [];
    page.on('websocket', (ws) => ws.on('framereceived', ({ payload }) => all.push(String(payload))));
    page.on('response', async (response) => {
      if (response.url().includes('/api/')) all.push(await response.text().catch(() => ''));
    });
    return all;
  }

  const queue = (app, name) => app.page.getByRole('navigation', { name: 'Filter the queue' }).getByRole('link', { name });
  const assignee = (app, name) => app.page.getByRole('button', { name });
  const textOf = (app) => app.page.locator('#main').innerText();
  const notes = (app) => app.page.locator('article[data-note-id]');

  async function sharedInbox(app) {
    await app.page.getByLabel('Which conversations').selectOption('organization');
    await queue(app, 'Unassigned').waitFor();
  }

  async function saveNote(app, text) {
    const field = app.page.getByRole('textbox', { name: /^Staff note about/ });
    await field.fill(text);
    await app.page.getByRole('button', { name: 'Save note' }).click();
    await field.waitFor({ state: 'detached' });
  }

  test('the shared queue shows what nobody looks after, with its number', async () => {
    for (const app of [desk, helper]) await sharedInbox(app);
    await queue(helper, 'Unassigned 1').click();
    await helper.open(client.name);
    await assignee(helper, 'Unassigned. Assign').waitFor();
    await assertAccessible(helper.page, 'the shared queue');
    await picture(helper.page, 'team-queue', { docs: true });
  });

  test('claiming takes it out of the queue for everybody', async () => {
    await queue(desk, 'Unassigned 1').click();
    await desk.conversation(client.name).waitFor();
    await helper.page.getByRole('button', { name: 'Claim' }).click();
    await assignee(helper, 'You look after this. Hand over').waitFor();
    await desk.page.getByText('Nothing is unassigned').waitFor();
    await queue(helper, 'Mine 1').click();
    await helper.conversation(client.name).waitFor();
  });

  test('who claims what somebody has claimed is told whose it is', async () => {
    await queue(desk, 'All').click();
    await desk.open(client.name);
    // Behind the page’s back, so that it acts on what it saw.
    await desk.page.route('**/assignee', async (route) => {
      await route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), was: null }) });
    });
    await assignee(desk, `${sam.name} looks after this. Hand over`).click();
    await desk.page.getByRole('menuitem', { name: 'Take it over' }).click();
    await desk.page.getByText(`Somebody was faster. ${sam.name} looks after this conversation now.`).waitFor();
    await desk.page.unroute('**/assignee');
    assert.equal((await practice.owner.get(`/conversations/${practice.conversation}`)).assignee.id, people.sam);
  });

  test('one sees who else is looking, and writing, as staff', async () => {
    await desk.page.getByText(`${sam.name} is looking at this`).waitFor();
    await helper.page.getByText(`${owner.name} is looking at this`).waitFor();
    await helper.page.getByRole('button', { name: 'Write a staff note' }).first().click();
    await helper.page.getByRole('textbox', { name: /^Staff note about/ }).pressSequentially('She sounds', { delay: 20 });
    await desk.page.getByText(`${sam.name} is writing here`).waitFor();
    await picture(helper.page, 'team-note-composer', { docs: true });
    await assertAccessible(helper.page, 'a staff note being written');
    await helper.leaveThread();
    await until('nobody else is looking', async () => !(await textOf(desk)).includes('is looking at this'));
  });

  test('a staff note stands in the conversation, and colleagues have it at once', async () => {
    await sharedInbox(helper);
    await helper.conversation(client.name).click();
    await assignee(helper, /looks? after this/).waitFor();
    if (!(await helper.page.getByRole('textbox', { name: /^Staff note about/ }).isVisible()))
      await helper.page.getByRole('button', { name: 'Write a staff note' }).first().click();
    await saveNote(helper, note);
    for (const app of [helper, desk]) await notes(app).filter({ hasText: note }).waitFor();
    await helper.page.getByRole('complementary').getByRole('heading', { name: 'Staff notes' }).waitFor();
    await assertAccessible(helper.page, 'a staff note in a conversation');
    await picture(helper.page, 'team-notes', { docs: true });
  });

  test('an answer for a colleague says so to everybody', async () => {
    await helper.write('Your visit is confirmed.');
    await mobile.sees('Your visit is confirmed.');
    for (const app of [mobile, helper, desk]) {
      await until('it says for whom', async () => (await textOf(app)).includes(`on behalf of ${provider.name}`));
    }
  });

  test('a note can be changed and deleted; earlier versions are for those who may read the audit log', async () => {
    const mine = notes(helper).filter({ hasText: note });
    await mine.getByRole('button', { name: 'Edit' }).click();
    await saveNote(helper, 'Call before nine, not after.');
    await notes(desk).filter({ hasText: 'not after' }).getByRole('button', { name: 'Earlier versions' }).click();
    const versions = desk.page.getByRole('dialog', { name: 'Earlier versions' });
    await versions.getByText(note).waitFor();
    await desk.page.keyboard.press('Escape');
    assert.equal(await notes(helper).getByRole('button', { name: 'Earlier versions' }).count(), 0);
    await notes(helper).filter({ hasText: 'not after' }).getByRole('button', { name: 'Delete' }).click();
    await helper.page.getByRole('button', { name: 'Delete note' }).click();
    for (const app of [helper, desk]) await notes(app).filter({ hasText: 'This note was deleted.' }).waitFor();
  });

  test('notes can be written where chat is off', async () => {
    const path = `/clients/${practice.clientId}/chat-access`;
    const { version } = await practice.owner.get(path);
    await practice.owner.put(path, { version, direct: 'off' });
    const notice = helper.page.getByText(`Chat is unavailable for ${client.name}`);
    await notice.waitFor();
    await helper.page.getByRole('button', { name: 'Write a staff note' }).first().click();
    await saveNote(helper, 'Weekly calls instead, agreed today.');
    await notes(desk).filter({ hasText: 'Weekly calls instead' }).waitFor();
    await notice.waitFor();
  });

  test('handed over and given back', async () => {
    await assignee(helper, 'You look after this. Hand over').click();
    await helper.page.getByRole('menuitem', { name: provider.name }).click();
    await assignee(desk, `${provider.name} looks after this. Hand over`).click();
    await desk.page.getByRole('menuitem', { name: 'Give back to the queue' }).click();
    await assignee(helper, 'Unassigned. Assign').waitFor();
    await queue(helper, 'Unassigned 1').waitFor();
  });

  test('nothing of it has reached the client', async () => {
    await mobile.page.reload();
    await mobile.page.getByText('Messaging is turned off').filter({ visible: true }).first().waitFor();
    const shown = await textOf(mobile);
    for (const secret of ['tired', 'Weekly calls', 'Staff note', 'looks after', 'is looking', 'Unassigned']) {
      assert.ok(!shown.includes(secret), `the page shows “${secret}”`);
    }
    await until('the phone has heard something', () => heard.length > 10);
    const everything = heard.join('\n');
    for (const secret of ['tired', 'before nine', 'Weekly calls', '"note.', '"presence"', '"queue.updated"']) {
      assert.ok(!everything.includes(secret), `“${secret}” reached the client`);
    }
    assert.ok(!/"assignee":\{/.test(everything), 'an assignment reached the client');
  });
});
