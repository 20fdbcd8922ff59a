// What one does with a conversation as a whole: pin, mute, archive, mark unread; close, rename, members; the filters.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { Messages } from './lib/messages.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const wren = { name: 'Wren Alder', email: 'wren@mail.example' };
const ines = { name: 'Ines Marlow', email: 'ines@maplecourt.example' };

describe('the state of a conversation', () => {
  let practice, browser, app, acts, second, colleague, chat;

  before(async () => {
    practice = await Practice.open('state');
    second = await practice.addClient(wren);
    colleague = await practice.addStaff({ ...ines, role: 'provider' });
    chat = await practice.provider.post('/conversations', { kind: 'community', member_ids: [practice.clientId, second.id], subject: 'Steady Plates' });
    await practice.provider.send(practice.conversation, 'An older word');
    await practice.provider.send(second.direct_conversation_id, 'Hello Wren');
    await practice.provider.send(chat.id, 'Hello all');
    browser = await Browser.open();
    app = new App(await browser.person(practice.server, { device: desktop }));
    acts = new Messages(app);
    await app.signIn(provider);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  const view = (id = practice.conversation) => practice.provider.get(`/conversations/${id}`);
  const order = () => app.conversations().evaluateAll((nodes) => nodes.map((n) => n.dataset.conversationId));
  const scope = async (name) => {
    await app.page.getByRole('combobox', { name: 'Which conversations' }).selectOption({ label: name });
    await app.settled();
  };

  test('a pinned conversation comes first, whatever its age, and says so', async () => {
    assert.notEqual((await order())[0], practice.conversation);
    await app.conversation(client.name).click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Pin to the top' }).click();
    await until('it is first', async () => (await order())[0] === practice.conversation);
    assert.match(await app.conversationName(client.name), /pinned/);
    await practice.client.send(practice.conversation, 'Still on top');
    await practice.provider.send(chat.id, 'Newer elsewhere');
    await app.conversation('Steady Plates').getByText('Newer elsewhere').waitFor();
    await app.page.reload();
    await app.inboxShown();
    assert.equal((await order())[0], practice.conversation);
    assert.equal(new Set(await order()).size, (await order()).length, 'nothing is listed twice');
  });

  test('muted until a time, and heard again', async () => {
    await app.open(client.name);
    await acts.more('Mute…');
    await assertAccessible(app.page, 'muting');
    await acts.dialog().getByRole('button', { name: 'For 8 hours' }).click();
    await until('it is stored', async () => Math.abs(Date.parse((await view()).muted_until) - Date.now() - 8 * 3_600_000) < 120_000);
    assert.match(await app.conversationName(client.name), /muted/);
    await acts.more('Unmute');
    await until('it is over', async () => (await view()).muted_until === null);
  });

  test('marked unread until it is looked at', async () => {
    await app.page.evaluate(() => document.activeElement?.blur());
    await app.page.keyboard.press('u');
    await until('it is marked', async () => (await view()).marked_unread);
    await until('the list says so', async () => /unread/.test(await app.conversationName(client.name)));
    await app.open(client.name);
    await until('it is read', async () => !(await view()).marked_unread);
  });

  test('archived, it leaves the list; undo brings it back; Archived has it', async () => {
    await acts.more('Archive');
    await until('it left the list', async () => !(await order()).includes(practice.conversation));
    await app.page.getByRole('button', { name: 'Undo' }).click();
    await until('it is back', async () => (await order()).includes(practice.conversation));
    await app.open(client.name);
    await acts.more('Archive');
    await until('it left again', async () => !(await order()).includes(practice.conversation));
    await scope('Archived');
    await until('it is there', async () => (await order()).join() === practice.conversation);
    await picture(app.page, 'archived');
    await app.open(client.name);
    await acts.more('Move back to the inbox');
    await until('nothing is archived', async () => (await order()).length === 0);
    await scope('My conversations');
    await until('it is back in the inbox', async () => (await order()).includes(practice.conversation));
  });

  test('closed with a reason for everyone, read in Closed, and opened again', async () => {
    const mobile = new App(await browser.person(practice.server, { device: phone }));
    await mobile.signIn(client);
    await mobile.open(provider.name);
    await app.open(client.name);
    await acts.more('Close for everyone…');
    await acts.dialog().getByLabel(/Reason/).fill('The plan is done');
    await assertAccessible(app.page, 'closing');
    await acts.dialog().getByRole('button', { name: 'Close for everyone' }).click();
    await mobile.page.getByText('Reason: The plan is done').waitFor();
    await until('the client cannot write', async () => (await mobile.composer().count()) === 0);
    await until('it left the inbox', async () => !(await order()).includes(practice.conversation));
    await scope('Closed');
    await until('it is listed there', async () => (await order()).join() === practice.conversation);
    await acts.more('Reopen');
    await mobile.composer().waitFor();
    await scope('My conversations');
    assert.deepEqual(mobile.page.complaints, []);
    await mobile.page.context().close();
  });

  test('renamed for everyone', async () => {
    await app.open('Steady Plates');
    await acts.more('Rename…');
    await acts.dialog().getByLabel('Name').fill('Steady Plates, Tuesdays');
    await acts.dialog().getByRole('button', { name: 'Rename' }).click();
    await app.page.getByRole('heading', { level: 1, name: 'Steady Plates, Tuesdays' }).waitFor();
    assert.equal((await view(chat.id)).subject, 'Steady Plates, Tuesdays');
  });

  test('members are put in and taken out, and one leaves', async () => {
    await acts.more('Members');
    const sheet = app.page.getByRole('dialog', { name: /members/ });
    await sheet.getByRole('button', { name: 'Add people' }).click();
    await sheet.getByRole('searchbox').fill('Ines');
    await app.page.getByRole('option', { name: /Ines Marlow/ }).click();
    await assertAccessible(app.page, 'adding members');
    await picture(app.page, 'members', { docs: true });
    await sheet.getByRole('button', { name: 'Add', exact: true }).click();
    await until('Ines is in', async () => (await view(chat.id)).members.some((m) => m.user_id === colleague.id));
    await sheet.getByRole('button', { name: 'Remove Wren Alder' }).click();
    await sheet.getByRole('group', { name: /Remove Wren/ }).getByRole('button', { name: 'Remove' }).click();
    await until('Wren is out', async () => !(await view(chat.id)).members.some((m) => m.user_id === second.id));
    await sheet.getByRole('button', { name: 'Remove Wren Alder' }).waitFor({ state: 'detached' }); // the focus is back then
    await app.page.keyboard.press('Escape');
    await acts.more('Leave…');
    await acts.dialog().getByRole('button', { name: 'Leave' }).click();
    await until('it is gone from the list', async () => !(await order()).includes(chat.id));
    assert.equal((await practice.provider.raw('GET', `/conversations/${chat.id}`)).status, 404);
  });

  test('filters choose by kind, by unread and by number keys', async () => {
    await app.page.goto('/inbox');
    await app.inboxShown();
    await app.page.keyboard.press('3');
    await until('only direct ones', async () => (await order()).length === 2);
    await app.page.keyboard.press('4');
    await until('no community chats', async () => (await order()).length === 0);
    await app.page.keyboard.press('1');
    await until('all again', async () => (await order()).length === 2);
    await scope('Scheduled messages');
    await app.page.getByText('Nothing is scheduled.').waitFor();
    await scope('My conversations');
  });

  test('the keys are listed, and those of a single letter can be turned off', async () => {
    await app.page.evaluate(() => document.activeElement?.blur());
    await app.page.keyboard.press('?');
    const sheet = app.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('Go from message to message').waitFor();
    await assertAccessible(app.page, 'the shortcuts');
    await picture(app.page, 'shortcuts', { docs: true });
    await sheet.getByRole('checkbox', { name: /single key/ }).uncheck();
    await app.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await app.page.reload();
    await app.inboxShown();
    const before = app.page.url();
    for (const key of ['j', '3', 'n', '?']) await app.page.keyboard.press(key);
    await app.settled();
    assert.equal(app.page.url(), before);
    assert.equal(await app.page.getByRole('dialog').count(), 0);
    await app.page.goto('/account');
    await app.page.getByRole('checkbox', { name: /single key/ }).check();
    await app.page.goto('/inbox');
    await app.inboxShown();
    await app.page.keyboard.press('j');
    await until('J works again', () => app.page.url() !== before);
  });

  test('no page complained', () => assert.deepEqual(app.page.complaints, []));
});
