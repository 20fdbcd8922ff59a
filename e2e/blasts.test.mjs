// Message blasts, the whole way: chosen with those who will not get it, taken back, sent, answered on a phone;
// planned, changed, given up; paused and stopped.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Blasts } from './lib/blasts.mjs';
import { Browser, desktop, narrow, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, owner, password, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const maya = { name: 'Maya Lindqvist', email: 'maya@mail.example' };
const yusuf = { name: 'Yusuf Demirel' };
const long = { name: 'Bartholomew Featherstonehaugh-Wolstenholme the Younger', email: 'bart@mail.example' };
const tobias = { name: 'Tobias Adeyemi', email: 'tobias@mail.example' };
const group = 'Steady Plates';

for (const device of [desktop, phone]) describe(`message blasts at a ${device.name}`, () => flows(device));

function flows(device) {
  let practice, browser, desk, blasts, mobile, groupId, ids;
  const docs = device === desktop;
  const title = 'Thanksgiving plates, gently';

  before(async () => {
    practice = await Practice.open(`blasts-${device.name}`);
    groupId = (await practice.owner.post('/groups', { name: group })).id;
    ids = {};
    for (const one of [maya, yusuf, long, tobias]) {
      const added = await practice.addClient({ name: one.name, email: one.email, password: one.email && password, group_id: groupId });
      ids[one.name] = added.id;
    }
    await practice.owner.patch(`/clients/${practice.clientId}`, { group_id: groupId });
    await turn('off', maya);
    browser = await Browser.open();
    desk = await person(provider, device);
    blasts = new Blasts(desk);
    mobile = await person(client, phone);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  async function person(who, at, theme = 'light') {
    const app = new App(await browser.person(practice.server, { device: at, theme }));
    await app.signIn(who);
    return app;
  }

  async function turn(direct, { name }) {
    const { version } = await practice.owner.get(`/clients/${ids[name]}/chat-access`);
    await practice.owner.put(`/clients/${ids[name]}/chat-access`, { version, direct, ...(direct === 'off' && { reason: 'Moved to calls' }) });
  }

  const threads = async () => (await practice.client.all('/conversations')).length;
  const listed = async () => (await practice.provider.all('/blasts'))[0];

  test('chosen from a group: who will not get it is struck and named, single people are taken out, and the number is always there', async () => {
    const dialog = await blasts.choose(group);
    await dialog.getByText('5 chosen, 2 skipped').waitFor();
    await dialog.getByText(/^Chat is unavailable for Maya Lindqvist and 1 other\. They won’t get this message\./).waitFor();
    await dialog.getByText('Reaches 3 of 5').waitFor();
    await dialog.getByText('Reaches 5 of 5').waitFor();
    assert.equal(await dialog.getByRole('radio', { name: /^Message Blast/ }).isChecked(), true);
    await dialog.getByRole('searchbox', { name: 'Add people' }).fill('Maya');
    const struck = blasts.option('Maya');
    await struck.getByText('Chat unavailable', { exact: true }).waitFor();
    await struck.hover();
    await struck.getByText(/turned Direct Messaging off/).waitFor();
    await assertAccessible(desk.page, 'choosing for a blast');
    await picture(desk.page, `blast-choose${docs ? '' : '-phone'}`, { docs });
    // A client of the group is in it already; a press takes them out, another puts them back.
    await blasts.add(dialog, 'Add people', 'Tobias');
    await dialog.getByRole('button', { name: `Put ${tobias.name} back` }).waitFor();
    await dialog.getByText('4 chosen, 2 skipped').waitFor();
    await dialog.getByRole('button', { name: `Put ${tobias.name} back` }).click();
    await dialog.getByText('5 chosen, 2 skipped').waitFor();
    await dialog.getByRole('button', { name: 'Review' }).click();
    const review = desk.page.getByRole('dialog', { name: '2 clients will be skipped' });
    await review.getByRole('listitem').filter({ hasText: maya.name }).getByText('Direct Messaging off · Set for this client').waitFor();
    await review.getByRole('listitem').filter({ hasText: yusuf.name }).getByText('Account not activated').waitFor();
    await assertAccessible(desk.page, 'who will be skipped');
    await review.getByRole('button', { name: 'Close' }).click();
    await dialog.getByRole('button', { name: 'Write to 3 people' }).click();
    await blasts.heading('New Message Blast').waitFor();
    await desk.page.getByText('5 chosen, 2 skipped').waitFor();
  });

  test('nobody reachable: there is no Send', async () => {
    const dialog = await blasts.choose('Juniper');
    await dialog.getByRole('button', { name: 'Open conversation' }).waitFor();
    await practice.provider.delete('/blasts/draft');
    await blasts.open('new');
    await blasts.add(desk.page, 'To', group);
    // Chosen through a file, those who can not be picked by name.
    await desk.page.getByRole('button', { name: `Remove ${group}` }).first().click();
    await desk.page.keyboard.press('Escape');
    await desk.page.getByRole('button', { name: 'From a file' }).click();
    const file = desk.page.getByRole('dialog', { name: 'Clients from a file' });
    const lines = `email\n${maya.email}\nnobody@mail.example\n${maya.email}\n`;
    await file.getByLabel('File').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(lines) });
    await file.getByText('2 lines can’t be used and will be left out.').waitFor();
    await file.getByText('“nobody@mail.example” belongs to nobody you can write to').waitFor();
    await file.getByText(`“${maya.email}” is there twice`).waitFor();
    await assertAccessible(desk.page, 'clients from a file');
    await file.getByRole('button', { name: 'Add 1 client' }).click();
    await desk.page.getByText('There is nobody to write to.').waitFor();
    await blasts.write('Hello');
    await desk.page.getByText('Nobody of these can be written to.').waitFor();
    assert.equal(await desk.page.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true);
    await desk.page.getByRole('button', { name: 'Discard draft' }).click();
  });

  test('written with fields: a wrong one is named, the preview is filled, a test comes to oneself, and the draft survives a reload', async () => {
    await blasts.open('new');
    await blasts.add(desk.page, 'To', group);
    await desk.page.keyboard.press('Escape');
    await blasts.write('Hi {{frist_name}}, breakfast **first**.');
    await desk.page.getByText('{{frist_name}} is no field that can be filled.').waitFor();
    assert.equal(await blasts.sendTo('3 people').isDisabled(), true);
    await blasts.write('Hi , breakfast **first**. Yours, {{provider}} at {{practice}}', title);
    await blasts.message().evaluate((area) => area.setSelectionRange(3, 3));
    await desk.page.getByRole('button', { name: 'Insert a field' }).click();
    await desk.page.getByRole('menuitem', { name: 'First name' }).click();
    await until('the field is in the text', async () => (await blasts.message().inputValue()).startsWith('Hi {{first_name}}, '));
    await blasts.preview().getByText('Hi Bartholomew, breakfast first. Yours, Dr. Rowan Pike at Maple Court Practice').waitFor();
    assert.equal(await blasts.preview().locator('strong').innerText(), 'first');
    await desk.page.getByRole('button', { name: 'Send me a test' }).click();
    await desk.page.getByText('A test is in your inbox, as Bartholomew would read it.').waitFor();
    const tests = (await practice.provider.all('/conversations')).filter((c) => c.kind === 'internal');
    assert.match(tests[0].last_message.body, /^Hi Bartholomew, breakfast/);
    await until('the draft is kept', async () => (await practice.provider.get('/blasts/draft')).title === title);
    await desk.page.reload();
    await desk.page.getByText('This is your draft from').waitFor();
    assert.match(await blasts.message().inputValue(), /^Hi \{\{first_name\}\}, /);
    await desk.page.getByText('5 chosen, 2 skipped').waitFor();
    await assertAccessible(desk.page, 'writing a blast');
    await picture(desk.page, `blast-compose${docs ? '' : '-phone'}`, { docs });
  });

  test('sent, confirmed with the number, and taken back whole: nobody got it, and the text is there again', async () => {
    const { version } = await practice.owner.get('/organization/blast-settings');
    await practice.owner.put('/organization/blast-settings', { version, confirm_above: 2 });
    await desk.page.reload();
    const before = await threads();
    await blasts.sendTo('3 people').click();
    const asked = desk.page.getByRole('alertdialog', { name: 'Send this to 3 people?' });
    await asked.getByText('2 clients of 5 will be skipped.').waitFor();
    await assertAccessible(desk.page, 'the confirmation');
    await picture(desk.page, `blast-confirm${docs ? '' : '-phone'}`, { docs: false });
    await asked.getByRole('button', { name: 'Send to 3 people' }).click();
    await desk.page.getByText('Goes to 3 people in 10 seconds.').waitFor();
    await blasts.undo().click();
    await desk.page.getByText('Taken back. Nobody got it, and your text is here again.').waitFor();
    assert.match(await blasts.message().inputValue(), /^Hi \{\{first_name\}\}, /);
    assert.deepEqual([(await listed()).state, (await listed()).sent], ['cancelled', 0]);
    assert.equal(await threads(), before);
  });

  test('what the preview said no longer holds: nothing is sent, and the new numbers are shown', async () => {
    await blasts.sendTo('3 people').waitFor();
    // Until the news of it arrive, the page goes by what it was told before: here they never do.
    await desk.page.route('**/api/v1/blasts/preview', (route) => route.abort());
    await turn('off', tobias);
    await blasts.sendTo('3 people').click();
    await desk.page.getByRole('alertdialog').getByRole('button', { name: 'Send to 3 people' }).click();
    await desk.page.getByText('Who can get it changed a moment ago, and nothing was sent.').waitFor();
    assert.equal((await listed()).state, 'cancelled');
    await desk.page.unroute('**/api/v1/blasts/preview');
    await turn('unset', tobias);
    await desk.page.reload();
    await blasts.sendTo('3 people').waitFor();
  });

  test('sent: the page counts, names who was skipped and why, and gives a file; the inbox is not flooded', async () => {
    await blasts.sendTo('3 people').click();
    await desk.page.getByRole('alertdialog').getByRole('button', { name: 'Send to 3 people' }).click();
    await blasts.heading(title).waitFor();
    await blasts.sent(3);
    await blasts.progress().getByText('5 chosen, 3 sent, 2 skipped.').waitFor();
    await desk.page.getByText('No message was made for these clients, and they were not told about this blast.').waitFor();
    await blasts.skipped().getByText('Direct Messaging off').waitFor();
    await blasts.skipped().getByText('Set for this client').waitFor();
    await desk.page.getByRole('group', { name: 'Why they were skipped' }).getByRole('button', { name: /Account not activated 1/ }).click();
    await blasts.skipped().getByText(yusuf.name).waitFor();
    assert.equal(await blasts.skipped().getByText(maya.name).count(), 0);
    await desk.page.getByRole('group', { name: 'Why they were skipped' }).getByRole('button', { name: /^All/ }).click();
    await blasts.recipient(tobias.name).getByText('Sent').waitFor();
    await assertAccessible(desk.page, 'a blast that was sent');
    await picture(desk.page, `blast-sent${docs ? '' : '-phone'}`, { docs });
    const [file] = await Promise.all([desk.page.waitForEvent('download'), desk.page.getByRole('link', { name: 'CSV' }).click()]);
    const text = readFileSync(await file.path(), 'utf8');
    assert.ok(text.includes(tobias.name) && text.includes(maya.name) && /direct_off/.test(text), text);
    await desk.page.goto('/inbox');
    await desk.inboxShown();
    assert.equal(await desk.conversations().filter({ hasText: 'Hi Tobias' }).count(), 0, 'a thread nobody answered is listed');
  });

  test('the client reads an ordinary private conversation and answers; the answer is in the inbox with the megaphone', async () => {
    const row = mobile.conversations().filter({ hasText: 'Hi Juniper' }).first();
    await row.waitFor();
    await row.click();
    await mobile.sees('Hi Juniper, breakfast first.');
    const seen = await mobile.page.locator('body').innerText();
    assert.ok(!/blast|Tobias|Bartholomew|Thanksgiving/i.test(seen), seen);
    await mobile.write('Thank you, that helps');
    const answered = desk.conversations().filter({ hasText: 'Thank you, that helps' });
    await answered.waitFor();
    assert.match(await answered.evaluate((node) => node.textContent), /from a message blast/);
    await picture(desk.page, `blast-inbox${docs ? '' : '-phone'}`, { docs });
    await answered.click();
    await desk.sees('Thank you, that helps');
    await desk.page.getByText(/From message blast/).waitFor();
    await assertAccessible(desk.page, 'an answer to a blast');
    const link = desk.page.getByRole('link', { name: `“${title}”` });
    await (docs ? link.click() : link.tap());
    await blasts.heading(title).waitFor();
    await blasts.recipient(client.name).getByText(/Replied/).waitFor();
    await blasts.recipient(client.name).getByRole('link', { name: /Read the reply/ }).click();
    await desk.sees('Thank you, that helps');
  });

  test('planned: changed with its recipients, a colleague’s change is told, and given up', async () => {
    await blasts.open('new');
    await blasts.add(desk.page, 'To', group);
    await desk.page.keyboard.press('Escape');
    await blasts.write('See you on Monday', 'December sign-up');
    await desk.page.getByRole('combobox', { name: 'Send', exact: true }).selectOption('later');
    await desk.page.getByText('Time in UTC.').waitFor();
    await desk.page.getByRole('button', { name: 'Schedule for 3 people' }).click();
    await desk.page.getByRole('alertdialog').getByRole('button', { name: 'Schedule for 3 people' }).click();
    await desk.page.getByRole('button', { name: 'Save schedule' }).waitFor();
    await blasts.heading('December sign-up').waitFor();
    const planned = await listed();
    assert.equal(planned.state, 'scheduled');
    if (docs) await blasts.row('December sign-up').getByText('Tomorrow, 9 AM').waitFor();
    await assertAccessible(desk.page, 'a planned blast');
    await picture(desk.page, `blast-scheduled${docs ? '' : '-phone'}`, { docs });

    await desk.page.getByRole('button', { name: `Remove ${group}` }).click();
    await blasts.add(desk.page, 'To', 'Tobias');
    await desk.page.keyboard.press('Escape');
    await blasts.message().fill('See you on Monday, Tobias');
    await practice.provider.patch(`/blasts/${planned.id}`, { version: planned.version, title: 'January sign-up' });
    await desk.page.getByRole('button', { name: 'Save schedule' }).click();
    await desk.page.getByText('Someone changed this a moment ago.').waitFor();
    assert.equal(await blasts.message().inputValue(), 'See you on Monday, Tobias', 'what was typed is gone');
    await desk.page.getByRole('button', { name: 'Save schedule' }).click();
    await desk.page.getByText(/^Saved\. It goes out tomorrow at 9:00 AM\./).waitFor();
    const saved = await practice.provider.get(`/blasts/${planned.id}`);
    assert.deepEqual([saved.title, saved.body, saved.total], ['January sign-up', 'See you on Monday, Tobias', 1]);

    await desk.page.getByRole('button', { name: 'Cancel blast' }).click();
    const asked = desk.page.getByRole('alertdialog', { name: /Cancel for 1 person/ });
    await assertAccessible(desk.page, 'giving a blast up');
    await asked.getByRole('button', { name: 'Cancel for 1 person' }).click();
    await until('it is given up', async () => (await practice.provider.get(`/blasts/${planned.id}`)).state === 'cancelled');
    await desk.page.getByText('Stopped', { exact: true }).filter({ visible: true }).first().waitFor();
  });

  test('in both themes and on narrow screens', async () => {
    const [{ id }] = (await practice.provider.all('/blasts')).filter((b) => b.state === 'sent');
    for (const [theme, at] of [['dark', device], ['light', narrow]]) {
      const app = await person(provider, at, theme);
      const theirs = new Blasts(app);
      for (const place of ['', 'new', id]) {
        await theirs.open(place);
        await assertAccessible(app.page, `/blasts/${place} (${theme}, ${at.name})`);
        assert.ok(await app.fitsWidth(), `/blasts/${place} is wider than the screen`);
      }
      await picture(app.page, `blast-sent-${theme}${docs ? '' : '-phone'}`);
      await app.page.context().close();
    }
  });

  test('no page complained', () => {
    assert.deepEqual([...desk.page.complaints, ...mobile.page.complaints].filter((line) => !/403|404|409|422|ERR_FAILED/.test(line)), []);
  });
}

describe('a blast to many', () => {
  const many = 600;
  let practice, browser, app, blasts, everyone;

  before(async () => {
    practice = await Practice.open('blasts-many');
    const group = await practice.owner.post('/groups', { name: 'Everyone' });
    everyone = { group_ids: [group.id] };
    const names = Array.from({ length: many }, (_, i) => `Client Number ${String(i + 1).padStart(3, '0')}`);
    while (names.length > 0) {
      await Promise.all(names.splice(0, 8).map((name) => practice.addClient({
        name, email: `${name.replaceAll(' ', '').toLowerCase()}@mail.example`, password: undefined, group_id: group.id,
      })));
    }
    browser = await Browser.open();
    app = new App(await browser.person(practice.server));
    await app.signIn(owner);
    blasts = new Blasts(app);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  // Sending takes a moment only; one that was over before it could be paused is sent again.
  async function paused(title) {
    for (let i = 0; i < 20; i++) {
      const { id } = await practice.owner.post('/blasts', { recipients: everyone, title, body: 'Hello {{first_name}}' });
      const { status, body } = await practice.owner.raw('POST', `/blasts/${id}/pause`);
      if (status === 200 && body.pending > 0) return body;
    }
    throw new Error('no blast could be paused in time');
  }

  test('paused and resumed: the numbers fit, and everyone gets it', async () => {
    const { id, sent, pending } = await paused('Winter hours');
    await blasts.open(id);
    await blasts.sent(sent, many);
    await app.page.getByText('Nothing is sent until someone resumes it.').waitFor();
    await blasts.row('Winter hours').getByText(`Paused at ${sent} of ${many}`).waitFor();
    await assertAccessible(app.page, 'a paused blast');
    assert.equal(sent + pending, many);
    await app.page.getByRole('button', { name: 'Resume' }).click();
    await blasts.sent(many);
    await app.page.getByText(`${many} chosen, ${many} sent, 0 skipped.`).waitFor();
    await app.page.getByText('Nobody was skipped.').waitFor();
  });

  test('the rest is cancelled with its exact number, and stays on record', async () => {
    const { id, sent, pending } = await paused('Flu-shot day');
    await blasts.open(id);
    await app.page.getByRole('button', { name: 'Cancel the rest' }).click();
    const asked = app.page.getByRole('alertdialog', { name: `Cancel for the other ${pending} people?` });
    await assertAccessible(app.page, 'cancelling the rest');
    await asked.getByRole('button', { name: `Cancel for ${pending} people` }).click();
    await app.page.getByRole('heading', { name: `Skipped · ${pending}` }).waitFor();
    await blasts.skipped().getByText('Stopped before their turn').first().waitFor();
    await blasts.row('Flu-shot day').getByText(`Stopped after ${sent}`).waitFor();
  });

  test('hundreds of recipients are in the page only where one looks, and are found by name', async () => {
    const shown = await blasts.recipients().getByRole('row').count();
    assert.ok(shown < 60, `${shown} rows are in the page`);
    await app.page.getByRole('searchbox', { name: 'Search recipients' }).fill('Number 555');
    await blasts.recipient('Client Number 555').waitFor();
    await until('the others are gone', async () => (await blasts.recipients().getByRole('row').count()) === 2);
  });

  test('more than one person may send in a day is refused with the numbers', async () => {
    const { version } = await practice.owner.get('/organization/blast-settings');
    await app.page.goto('/settings/chat/blasts');
    await app.page.getByRole('spinbutton', { name: 'Recipients a day' }).fill('0');
    await app.page.getByText('Write a whole number from 1 to 1,000,000.').waitFor();
    await app.page.getByRole('spinbutton', { name: 'Recipients a day' }).fill('100');
    await app.page.getByRole('button', { name: 'Save', exact: true }).click();
    await app.page.getByText('Saved.').waitFor();
    assert.deepEqual(await practice.owner.get('/organization/blast-settings'), { version: version + 1, confirm_above: 50, daily_limit: 100 });
    await assertAccessible(app.page, 'the settings of blasts');
    await picture(app.page, 'blast-settings', { docs: true });
  });
});
