// Who may chat, as it is seen: a provider turns chat off and on, the client on the phone and the colleagues
// see it at once, and nobody sees what they may not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { desktop, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { Pair } from './lib/pair.mjs';
import { client, otherOwner, owner, password } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const support = { name: 'Sol Marsh', email: 'sol@maplecourt.example', password };

for (const device of [desktop, phone]) describe(`chat access, staff at a ${device.name}`, () => flows(device));

function flows(device) {
  let pair, practice, browser, desk, mobile;
  const docs = device === desktop;

  before(async () => {
    pair = await Pair.open(`access-${device.name}`, { organizations: [owner, otherOwner], device, prepare });
    ({ practice, browser, desk, mobile } = pair);
    await desk.write('How was your week?');
    await mobile.sees('How was your week?');
  });

  after(() => pair?.close());

  async function prepare(practice) {
    await practice.addStaff({ ...support, role: 'support' });
    const { version } = await practice.owner.get('/organization/chat-access');
    await practice.owner.put('/organization/chat-access', { version, notice: { phone: '(503) 555-0142', hours: 'Monday–Friday, 8 AM–6 PM' } });
  }

  const settings = () => desk.page.goto(`/clients/${practice.clientId}/chat-settings`);
  const sheet = () => desk.page.getByRole('dialog', { name: /Chat Settings/ });
  const toggle = (name) => sheet().getByRole('switch', { name });

  // The notice that the client reads; the list beside the thread may have a hidden one.
  const off = () => mobile.page.getByText('Messaging is turned off', { exact: true }).filter({ visible: true }).first();

  async function set(change) {
    const { version } = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    return practice.owner.put(`/clients/${practice.clientId}/chat-access`, { version, ...change });
  }

  test('turned off in the profile while the client types: the composer goes, the text stays, and the way to help is shown', async () => {
    await mobile.composer().fill('I was about to ask about the oats');
    await settings();
    await toggle('Allow Direct Messaging').click();
    await sheet().getByLabel(/^Reason/).fill('Moved to weekly calls');
    await sheet().getByText(/not saved/).waitFor();
    await picture(desk.page, `chat-settings${docs ? '' : '-small'}`, { docs });
    await sheet().getByRole('button', { name: 'Save', exact: true }).click();
    await off().waitFor({ timeout: 5_000 });
    await mobile.page.getByText(/Messaging was turned off while you were writing/).filter({ visible: true }).first().waitFor();
    assert.ok((await mobile.page.locator('#main').innerText()).includes('I was about to ask about the oats')
      || (await mobile.page.locator('textarea').evaluateAll((all) => all.some((t) => t.value.includes('the oats')))), 'the text is lost');
    await mobile.page.getByRole('link', { name: /Call \(503\) 555-0142/ }).filter({ visible: true }).first().waitFor();
    await mobile.page.getByRole('link', { name: /In an emergency, call 911/ }).filter({ visible: true }).first().waitFor();
    await mobile.sees('How was your week?');
    assert.ok(!(await mobile.page.locator('body').innerText()).includes('weekly calls'), 'the client reads the reason');
    await assertAccessible(mobile.page, 'a client whose chat is off');
    await picture(mobile.page, `client-chat-off${docs ? '' : '-small'}`, { docs });
  });

  test('staff see it before they type: struck in the list, the reason in place of the composer', async () => {
    await desk.page.goto('/inbox');
    await desk.inboxShown();
    await desk.conversation(client.name).click();
    await desk.page.getByText(`Chat is unavailable for ${client.name}`).first().waitFor();
    await desk.page.getByText('Moved to weekly calls').first().waitFor();
    assert.equal(await desk.page.getByRole('textbox', { name: 'Message' }).count(), 0, 'there is a composer');
    const struck = await desk.conversation(client.name).evaluate((row) =>
      [...row.querySelectorAll('*')].some((n) => getComputedStyle(n).textDecorationLine.includes('line-through')));
    assert.ok(struck, 'the name is not struck');
    assert.match(await desk.conversationName(client.name), /off|unavailable/i);
    await assertAccessible(desk.page, 'a thread whose client’s chat is off');
    await picture(desk.page, `thread-chat-off${docs ? '' : '-small'}`, { docs });
  });

  test('through the API nothing is stored while it is off', async () => {
    const before = (await practice.owner.raw('GET', `/conversations/${practice.conversation}/messages`)).body;
    for (const who of [practice.client, practice.provider]) {
      const answer = await who.raw('POST', `/conversations/${practice.conversation}/messages`, { body: 'x' });
      assert.equal(answer.status, 403);
      assert.equal(answer.body.code, 'chat_unavailable');
    }
    const after = (await practice.owner.raw('GET', `/conversations/${practice.conversation}/messages`)).body;
    assert.equal(after.items.length, before.items.length);
  });

  test('turned on again in the same place, both can write at once', async () => {
    await settings();
    await sheet().getByRole('button', { name: /Use the default|Follow the group/ }).first().click();
    await sheet().getByRole('button', { name: 'Save', exact: true }).click();
    await mobile.composer().waitFor({ timeout: 5_000 });
    await mobile.write('Good to be back');
    await desk.page.goto('/inbox');
    await desk.inboxShown();
    await desk.open(client.name);
    await desk.sees('Good to be back');
  });

  test('two people save at once: the second is told and loses nothing', async () => {
    await settings();
    await toggle('Allow Community Chat participation').waitFor();
    await set({ direct: 'on', reason: 'From the other desk' });
    await toggle('Allow Community Chat participation').click();
    await sheet().getByRole('button', { name: 'Save', exact: true }).click();
    await sheet().getByText(/changed this/).first().waitFor();
    await sheet().getByText(owner.name).first().waitFor();
    assert.equal(await toggle('Allow Community Chat participation').isChecked(), false, 'the edit is lost');
    assert.equal((await practice.owner.get(`/clients/${practice.clientId}/chat-access`)).community.own, 'unset');
    await set({ direct: 'unset' });
  });

  test('support without the permission reads and cannot change', async () => {
    const app = new App(await browser.person(practice.server, { device }));
    await app.signIn(support);
    assert.equal(await app.offers('Access'), false);
    await app.page.goto(`/clients/${practice.clientId}/chat-settings`);
    const theirs = app.page.getByRole('dialog', { name: /Chat Settings/ });
    await theirs.waitFor();
    assert.equal(await theirs.getByRole('button', { name: 'Save', exact: true }).count(), 0);
    assert.equal(await theirs.getByRole('switch').first().isDisabled(), true);
    await app.page.context().close();
  });

  test('the owner of another practice finds nothing', async () => {
    const app = new App(await browser.person(practice.server, { device }));
    await app.signIn(otherOwner);
    await app.page.goto(`/clients/${practice.clientId}/chat-settings`);
    await app.settled();
    assert.ok(!(await app.page.locator('body').innerText()).includes(client.name));
    await app.page.context().close();
  });

  test('many at once: preview, apply, and undo', async () => {
    const app = new App(await browser.person(practice.server, { device }));
    await app.signIn(owner);
    await practice.addClient({ name: 'Second Client', email: 'second@mail.example' });
    await app.goto('Access');
    await app.page.getByText('Second Client').first().waitFor();
    await assertAccessible(app.page, 'Chat Access');
    await picture(app.page, `chat-access${docs ? '' : '-small'}`, { docs });
    await selectAll(app);
    await app.page.getByRole('region', { name: 'Change the selected clients' }).getByRole('button', { name: /Direct Messaging/ }).click();
    await app.page.getByRole('menuitem', { name: /Turn off/ }).click();
    const dialog = app.page.getByRole('dialog');
    await dialog.getByText('Nothing has changed yet').waitFor();
    await picture(app.page, `chat-access-preview${docs ? '' : '-small'}`, { docs });
    await dialog.getByRole('button', { name: /Turn off for 2 clients/ }).click();
    await off().waitFor({ timeout: 5_000 });
    await app.page.getByRole('button', { name: 'Undo' }).first().click();
    await until('chat is on again', async () => (await practice.client.get('/me')).chat.direct);
    await mobile.composer().waitFor({ timeout: 5_000 });
    await app.page.context().close();
  });

  // On a phone the box that selects all is only read out; whoever has chosen one is offered the others.
  async function selectAll({ page, small }) {
    await page.getByRole('checkbox', { name: small ? `Select ${client.name}` : /^Select all/ }).click();
    if (small) await page.getByRole('button', { name: 'Select all 2 that match' }).click();
  }

  test('no page complained', () => {
    assert.deepEqual([...desk.page.complaints, ...mobile.page.complaints].filter((line) => !/403|404|409/.test(line)), []);
  });
}
