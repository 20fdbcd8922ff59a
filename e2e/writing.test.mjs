// Help with writing: messages for later, templates, away replies and the welcome.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, narrow, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, Practice, provider } from './lib/practice.mjs';
import { named, pdf } from './lib/samples.mjs';
import { until } from './lib/wait.mjs';

const soon = (ms) => new Date(Date.now() + ms).toISOString();

describe('writing for later', () => {
  let practice, browser, desk, hers;

  before(async () => {
    practice = await Practice.open('writing');
    browser = await Browser.open();
    desk = new App(await browser.person(practice.server, { device: desktop }));
    await desk.signIn(provider);
    await desk.open(client.name);
    hers = new App(await browser.person(practice.server, { device: phone }));
    await hers.signIn(client);
    await hers.open(provider.name);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  const dialog = (name) => desk.page.getByRole('dialog', { name });
  const item = (text) => desk.page.locator('[data-scheduled-id]').filter({ hasText: text });
  const scheduled = async (state) => (await practice.provider.get(`/scheduled?state=${state}`)).items;
  const later = (body, ms) => practice.provider.post(`/conversations/${practice.conversation}/messages`, { body, send_at: soon(ms) });

  test('Ctrl+Shift+Enter chooses a time; the text leaves the composer and waits in sight', async () => {
    await desk.composer().fill('Your plan for the week is ready.');
    await desk.composer().press('Control+Shift+Enter');
    await dialog('Schedule').waitFor();
    await assertAccessible(desk.page, 'choosing a time');
    await picture(desk.page, 'schedule', { docs: true });
    await dialog('Schedule').getByRole('button', { name: /Tomorrow morning/ }).click();
    await dialog('Schedule').waitFor({ state: 'hidden' });
    await desk.page.getByText('1 scheduled message').waitFor();
    assert.equal(await desk.composer().inputValue(), '');
    const [kept] = await scheduled('scheduled');
    assert.equal(kept.body, 'Your plan for the week is ready.');
    assert.ok(Date.parse(kept.send_at) > Date.now());
    assert.equal((await practice.client.thread(practice.conversation)).length, 0, 'nothing was sent');
  });

  test('undo gives the text back', async () => {
    await desk.composer().fill('Never mind');
    await desk.page.getByRole('button', { name: 'Schedule', exact: true }).click();
    await dialog('Schedule').getByRole('button', { name: /Tomorrow morning/ }).click();
    await desk.page.getByRole('button', { name: 'Undo' }).click();
    await until('the text is back', async () => (await desk.composer().inputValue()) === 'Never mind');
    assert.equal((await scheduled('scheduled')).length, 1);
    await desk.composer().fill('');
  });

  test('it can be changed until it goes, and then it is there like any message', async () => {
    await desk.page.getByRole('button', { name: 'Show' }).click();
    const open = dialog('Scheduled');
    await open.getByRole('button', { name: 'Edit' }).click();
    await open.getByRole('textbox', { name: 'Message' }).fill('Your plan for next week is ready.');
    await open.getByRole('button', { name: 'Save' }).click();
    await open.getByText('Your plan for next week is ready.').waitFor();
    await assertAccessible(desk.page, 'the scheduled messages of a conversation');
    await until('the dialog has its focus back', () => open.evaluate((node) => node.contains(document.activeElement)));
    await desk.page.keyboard.press('Escape');
    await open.waitFor({ state: 'hidden' });
    const [kept] = await scheduled('scheduled');
    await practice.provider.patch(`/scheduled/${kept.id}`, { send_at: soon(1500) });
    await hers.sees('Your plan for next week is ready.');
    await desk.sees('Your plan for next week is ready.');
    await desk.page.getByText('1 scheduled message').waitFor({ state: 'hidden' });
    const [message] = await practice.client.thread(practice.conversation);
    assert.equal(message.id, kept.id, 'the message has the scheduled id');
  });

  test('its files can be changed too, and nothing of them before it is saved', async () => {
    const plan = await practice.provider.upload('plan.pdf', pdf());
    const made = await practice.provider.post(`/conversations/${practice.conversation}/messages`, { body: 'With a plan', attachment_ids: [plan.id], send_at: soon(86_400_000) });
    const names = async () => (await practice.provider.get(`/scheduled/${made.id}`)).attachments.map((a) => a.name).join();
    await desk.page.getByRole('button', { name: 'Show' }).click();
    const open = dialog('Scheduled');
    await open.getByRole('button', { name: 'Edit' }).click();
    await open.getByRole('button', { name: 'Remove plan.pdf' }).click();
    await open.locator('input[data-chooser="files"]').setInputFiles([named('menu.pdf', 'application/pdf', pdf())]);
    await until('the other file is stored', async () => (await open.locator('li[data-upload="stored"]').allInnerTexts()).join().includes('menu.pdf'));
    await assertAccessible(desk.page, 'changing a scheduled message');
    await open.getByRole('button', { name: 'Leave as it was' }).click();
    assert.equal(await names(), 'plan.pdf');
    await open.getByRole('button', { name: 'Edit' }).click();
    await open.locator('input[data-chooser="files"]').setInputFiles([named('menu.pdf', 'application/pdf', pdf())]);
    await until('both are there', async () => (await open.locator('li[data-upload="stored"]').count()) === 2);
    await open.getByRole('button', { name: 'Remove plan.pdf' }).click();
    await open.getByRole('button', { name: 'Save' }).click();
    await open.getByText('menu.pdf').waitFor();
    assert.equal(await names(), 'menu.pdf');
    await open.getByRole('button', { name: 'Cancel message' }).click();
    await open.getByText('Nothing is scheduled here.').waitFor();
    await desk.page.keyboard.press('Escape');
  });

  test('a client sends later as well', async () => {
    const page = hers.page;
    assert.equal(await page.getByRole('button', { name: 'Schedule', exact: true }).count(), 0, 'there is nothing to send yet');
    await hers.composer().fill('Numbers of the week');
    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    await page.getByRole('dialog', { name: 'Schedule' }).waitFor();
    await assertAccessible(page, 'a client choosing a time');
    assert.ok(await hers.fitsWidth());
    await page.getByRole('dialog', { name: 'Schedule' }).getByRole('button', { name: /Tomorrow morning/ }).click();
    await page.getByText('1 scheduled message').waitFor();
    assert.equal(await hers.composer().inputValue(), '');
    assert.equal((await practice.client.get('/scheduled?state=scheduled')).items[0].body, 'Numbers of the week');
    await picture(page, 'schedule-client');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('dialog', { name: 'Scheduled' }).getByRole('button', { name: 'Cancel message' }).click();
    await until('it is taken back', async () => (await practice.client.get('/scheduled?state=scheduled')).items.length === 0);
    await page.keyboard.press('Escape');
  });

  test('the inbox lists what is scheduled, and what could not be sent', async () => {
    await later('Skipped in the end', 2000);
    await later('Waits until tomorrow', 86_400_000);
    const { version } = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    await practice.owner.put(`/clients/${practice.clientId}/chat-access`, { version, direct: 'off' });
    await desk.page.getByText('A scheduled message was not sent.').waitFor();
    await desk.leaveThread();
    await desk.page.getByLabel('Which conversations').selectOption({ label: 'Scheduled messages' });
    await item('Skipped in the end').getByText('Chat was unavailable when it was due.').waitFor();
    await assertAccessible(desk.page, 'the list of scheduled messages');
    await picture(desk.page, 'scheduled');
    await item('Waits until tomorrow').getByRole('button', { name: 'Cancel message' }).click();
    await item('Waits until tomorrow').waitFor({ state: 'hidden' });
    assert.deepEqual((await scheduled('scheduled')).length, 0);
    assert.equal((await practice.client.thread(practice.conversation)).length, 1, 'nothing was sent while chat was off');
    const now = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    await practice.owner.put(`/clients/${practice.clientId}/chat-access`, { version: now.version, direct: 'on' });
    await item('Skipped in the end').getByRole('button', { name: 'Write it again' }).click();
    await until('the words are in the composer', async () => (await desk.composer().inputValue()) === 'Skipped in the end');
    await desk.composer().fill('');
  });

  test('killed while they go: each is sent once', async () => {
    for (let i = 0; i < 12; i++) await later(`One of twelve, number ${i}.`, 2000 + i * 40);
    const sent = async () => (await practice.client.thread(practice.conversation)).filter((m) => m.body.startsWith('One of twelve'));
    await until('the first ones go', async () => (await sent()).length > 0, 30_000, 10);
    await practice.server.kill();
    await practice.server.up();
    await until('all twelve are there', async () => (await sent()).length === 12, 90_000, 250);
    await until('nothing waits any more', async () => (await scheduled('scheduled')).length === 0);
    assert.equal(new Set((await sent()).map((m) => m.body)).size, 12);
    assert.equal((await sent()).length, 12);
  });
});

describe('texts the practice does not type twice', () => {
  let practice, browser, desk, hers;

  before(async () => {
    practice = await Practice.open('words');
    browser = await Browser.open();
    desk = new App(await browser.person(practice.server, { device: desktop }));
    await desk.signIn(owner);
    hers = new App(await browser.person(practice.server, { device: phone }));
    await hers.signIn(client);
    await hers.open(provider.name);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('a template is made with fields, and filled where it is inserted', async () => {
    const page = desk.page;
    await page.goto('/settings/chat/templates');
    const ours = page.getByRole('region', { name: 'The practice’s' });
    await ours.getByRole('button', { name: 'New template' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title').fill('Lab results');
    await dialog.getByLabel('Text').fill('Hi ');
    await dialog.getByRole('button', { name: 'First name' }).click();
    await dialog.getByLabel('Text').pressSequentially(', your results are in. ');
    await dialog.getByRole('button', { name: 'Next step' }).click();
    assert.equal(await dialog.getByLabel('Text').inputValue(), 'Hi {{first_name}}, your results are in. {{next_step}}');
    await assertAccessible(page, 'a template');
    await dialog.getByRole('button', { name: 'Save template' }).click();
    await ours.getByText('Lab results').waitFor();
    await assertAccessible(page, 'the templates');
    await picture(page, 'templates');

    const his = new App(await browser.person(practice.server, { device: desktop }));
    await his.signIn(provider);
    await his.open(client.name);
    await his.page.getByRole('button', { name: 'Insert a template' }).click();
    const list = his.page.getByRole('dialog', { name: 'Templates' });
    await list.getByRole('button', { name: /Lab results/ }).waitFor();
    await assertAccessible(his.page, 'choosing a template');
    await picture(his.page, 'template-popover', { docs: true });
    await list.getByRole('button', { name: /Lab results/ }).click();
    await until('the text is in the composer', async () => (await his.composer().inputValue()) === 'Hi Juniper, your results are in. [next step]');
    await his.page.getByText('Fill in the next step before you send.').waitFor();
    // The gap is selected: typing fills it.
    await until('the gap is selected', () => his.composer().evaluate((el) => el.value.slice(el.selectionStart, el.selectionEnd) === '[next step]'));
    await his.page.keyboard.type('Book a call with me.');
    await his.page.keyboard.press('Control+Enter');
    await hers.sees('Hi Juniper, your results are in. Book a call with me.');

    // A client may have a next step of their own.
    await his.page.goto(`/clients/${practice.clientId}`);
    const step = his.page.getByRole('region', { name: 'Next step' });
    await step.getByLabel('Next step for this client').fill('Bring your food diary.');
    await step.getByRole('button', { name: 'Save' }).click();
    await his.page.getByText('Saved.').waitFor();
    await assertAccessible(his.page, 'a client with a next step');
    await his.page.goto(`/inbox/${practice.conversation}`);
    await his.page.getByRole('button', { name: 'Insert a template' }).click();
    await list.getByRole('button', { name: /Lab results/ }).click();
    await until('it says their own', async () => (await his.composer().inputValue()) === 'Hi Juniper, your results are in. Bring your food diary.');
    await his.composer().fill('');
    await his.page.context().close();
  });

  test('somebody who is away is answered for, once', async () => {
    const his = new App(await browser.person(practice.server, { device: desktop }));
    await his.signIn(provider);
    await his.page.goto('/settings/chat/away');
    await his.page.getByRole('switch', { name: 'Away for a time' }).check();
    await his.page.getByLabel('Reply while away').fill('I am at a training until tomorrow. For anything urgent, call us.');
    await his.page.getByRole('switch', { name: 'Outside of weekly hours' }).check();
    await his.page.getByLabel('Reply outside of hours').fill('Messages are read Monday to Friday.');
    await his.page.getByRole('button', { name: 'Add hours on Saturday' }).click();
    await his.page.getByLabel('Saturday, to').fill('12:00');
    await his.page.getByLabel('Holiday', { exact: true }).fill('2030-12-25');
    await his.page.getByRole('button', { name: 'Add holiday' }).click();
    await his.page.getByText('December 25, 2030').waitFor();
    await assertAccessible(his.page, 'away replies');
    await his.page.getByRole('button', { name: 'Save', exact: true }).click();
    await his.page.getByText('Clients are answered automatically right now.').waitFor();
    await his.page.getByRole('main').evaluate((page) => page.scrollTo(0, 0));
    await his.page.getByText('Saved.').waitFor({ state: 'hidden' });
    await picture(his.page, 'away', { docs: true });
    const kept = await practice.provider.get(`/staff/${practice.providerId}/away`);
    assert.ok(kept.weekly.hours.some((h) => h.day === 'saturday' && h.to === '12:00'));
    assert.deepEqual(kept.weekly.holidays, ['2030-12-25']);

    await hers.write('Is it fine to take them with food?');
    await hers.sees('I am at a training until tomorrow.');
    await hers.bubbles().filter({ hasText: 'I am at a training' }).getByText('Automatic reply').waitFor();
    await picture(hers.page, 'away-reply');
    await hers.write('And with milk?');
    // What another client writes afterwards is answered: what came before has had its turn.
    const sage = { name: 'Sage Birch', email: 'sage@mail.example', password: client.password };
    const { direct_conversation_id: next } = await practice.addClient(sage);
    const theirs = await practice.signIn(sage.email);
    await theirs.send(next, 'Good evening');
    await until('the next one is answered', async () => (await theirs.thread(next)).some((m) => m.kind === 'auto_reply'));
    const automatic = (await practice.client.thread(practice.conversation)).filter((m) => m.kind === 'auto_reply');
    assert.equal(automatic.length, 1, 'one in twelve hours');
    assert.equal((await practice.provider.get(`/conversations/${practice.conversation}`)).unread, 2, 'what the program wrote is unread to nobody on staff');
    await his.page.context().close();
  });

  test('a new client is welcomed', async () => {
    const page = desk.page;
    await page.goto('/settings/chat/welcome');
    await page.getByRole('switch', { name: 'Send a welcome message' }).check();
    await page.getByRole('textbox', { name: 'Message' }).fill('Welcome. We read messages on workdays. In an emergency, call 911.');
    await assertAccessible(page, 'the welcome message');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    const fern = { name: 'Fern Okoro', email: 'fern@mail.example', password: client.password };
    await practice.addClient(fern);
    const app = new App(await browser.person(practice.server, { device: phone }));
    await app.signIn(fern);
    await app.conversation(provider.name).getByText('1').first().waitFor();
    await app.open(provider.name);
    await app.sees('Welcome. We read messages on workdays.');
    await app.page.getByText(owner.organization).first().waitFor();
    assert.equal(await app.page.getByText('Hearth', { exact: true }).count(), 0, 'the practice speaks, not the program');
    await app.page.context().close();
  });

  for (const [device, theme] of [[desktop, 'dark'], [phone, 'light'], [narrow, 'dark']]) {
    test(`the pages fit and read well (${device.name}, ${theme})`, async () => {
      const app = new App(await browser.person(practice.server, { device, theme }));
      const look = async (what) => {
        await app.settled();
        await assertAccessible(app.page, `${what} (${device.name}, ${theme})`);
        assert.deepEqual(await app.stickingOut(), [], `${what} (${device.name}, ${theme}): wider than the screen`);
      };
      await app.signIn(owner);
      await app.page.goto('/settings/chat/templates');
      await app.page.getByRole('button', { name: 'Edit Lab results' }).click();
      await look('a template');
      await app.page.goto('/settings/chat/templates');
      await look('the templates');
      await app.page.goto(`/settings/chat/away?of=${practice.providerId}`);
      await app.page.getByRole('heading', { name: `When ${provider.name} is away` }).waitFor();
      await look('a colleague’s away replies');
      await app.page.goto('/settings/chat/away?of=practice');
      await app.page.getByRole('switch', { name: 'Outside of weekly hours' }).check();
      await app.page.getByRole('button', { name: 'Add hours on Monday' }).click();
      await look('the practice’s away replies, not saved');
      app.page.once('dialog', (dialog) => dialog.accept());
      await app.page.goto('/settings/chat/welcome');
      await look('the welcome');
      await app.page.context().close();

      const his = new App(await browser.person(practice.server, { device, theme }));
      await his.signIn(provider);
      await his.open(client.name);
      await his.page.getByRole('button', { name: 'Insert a template' }).click();
      await his.page.getByRole('dialog', { name: 'Templates' }).getByText('Lab results').waitFor();
      await assertAccessible(his.page, `templates to insert (${device.name}, ${theme})`);
      await his.page.keyboard.press('Escape');
      await his.composer().fill('Later, please');
      await his.page.getByRole('button', { name: 'Schedule', exact: true }).click();
      await his.page.getByRole('dialog', { name: 'Schedule' }).waitFor();
      await assertAccessible(his.page, `choosing a time (${device.name}, ${theme})`);
      await picture(his.page, `schedule-${device.name.replace(' ', '-')}-${theme}`);
      await his.page.keyboard.press('Escape');
      await his.composer().fill('');
      await his.page.context().close();
    });
  }

  test('no page complained', () => {
    for (const app of [desk, hers]) assert.deepEqual(app.page.complaints, []);
  });
});
