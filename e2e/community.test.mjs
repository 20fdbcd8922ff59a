// Community chats as people use them: made from people and a group, kept in step with it, locked, limited,
// with a roster that is hidden, and looked after when somebody reports a post.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, password, Practice } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const tobin = { name: 'Tobin Ashgrove', email: 'tobin@mail.example', password };
const wren = { name: 'Wren Halloway', email: 'wren@mail.example', password };
const chatName = 'Steady breakfasts';

describe('community chats', () => {
  let practice, browser, desk, mobile, group, chat, tobinApi;
  const ids = {};

  before(async () => {
    practice = await Practice.open('community', { env: { HEARTH_COMMUNITY_LIMIT: '6' } });
    group = (await practice.owner.post('/groups', { name: 'Morning steps' })).id;
    for (const one of [tobin, wren]) {
      ids[one.name] = (await practice.addClient(one)).id;
      await practice.owner.patch(`/clients/${ids[one.name]}`, { group_id: group });
    }
    await access(ids[wren.name], 'off');
    tobinApi = await practice.signIn(tobin.email);
    browser = await Browser.open();
    desk = new App(await browser.person(practice.server, { device: desktop }));
    mobile = new App(await browser.person(practice.server, { device: phone }));
    await desk.signIn({ email: owner.email, password });
    await mobile.signIn(client);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  async function access(id, community) {
    const { version } = await practice.owner.get(`/clients/${id}/chat-access`);
    await practice.owner.put(`/clients/${id}/chat-access`, { version, community });
  }

  const dialog = (app, name) => app.page.getByRole('dialog', { name });
  const members = async () => (await practice.owner.get(`/conversations/${chat}`)).members.map((m) => m.name).sort();

  async function settings(change) {
    await desk.page.getByRole('button', { name: 'More actions' }).last().click();
    await desk.page.getByRole('menuitem', { name: 'Chat settings…' }).click();
    const sheet = dialog(desk, 'Chat settings');
    await sheet.waitFor();
    await change(sheet);
    await sheet.getByRole('button', { name: 'Save', exact: true }).click();
    await sheet.getByText('No changes').waitFor();
    await sheet.getByRole('button', { name: 'Close', exact: true }).first().click();
    await sheet.waitFor({ state: 'hidden' });
  }

  test('made from a person and a group: who is left out is named before', async () => {
    await desk.openNewConversation();
    await desk.page.keyboard.type('Morning');
    await desk.pickerOption('Morning steps').click();
    await desk.page.keyboard.type('Juniper');
    await desk.pickerOption(client.name).click();
    const d = desk.newConversation();
    await d.getByRole('radio', { name: /^Community Chat/ }).check();
    await d.getByText(`Community Chat is unavailable for ${wren.name}. They won’t be added.`).waitFor();
    await d.getByLabel('Name of the community chat').fill(chatName);
    await d.getByLabel('Keep in step with the group').check();
    await assertAccessible(desk.page, 'a new community chat');
    await picture(desk.page, 'new-community', { docs: true });
    await d.getByRole('button', { name: 'Start the chat' }).click();
    await desk.composer().waitFor();
    chat = new URL(desk.page.url()).pathname.split('/').at(-1);
    assert.deepEqual(await members(), [owner.name, client.name, tobin.name].sort());
    await desk.write('Welcome, everybody');
    await mobile.conversation(chatName).waitFor();
    await mobile.open(chatName);
    await mobile.sees('Welcome, everybody');
  });

  test('a client sees others by first name and initial, and how others see them', async () => {
    await tobinApi.send(chat, 'Porridge again');
    await mobile.sees('Porridge again');
    const text = await mobile.page.locator('#main').innerText();
    assert.ok(text.includes('Tobin A.') && !text.includes('Ashgrove'), text);
    await mobile.page.getByRole('button', { name: 'Details' }).click();
    await mobile.page.getByText('Others here see you as Juniper V.').filter({ visible: true }).waitFor();
    await assertAccessible(mobile.page, 'the details of a community chat on a phone');
    assert.ok(!(await mobile.page.locator('body').innerText()).includes('Ashgrove'), 'a whole name is shown');
    await mobile.page.getByRole('button', { name: 'Close details' }).click();
  });

  test('locked while a client writes: the composer goes at once, and the text stays', async () => {
    await mobile.composer().fill('I had eggs');
    await desk.page.getByRole('button', { name: 'More actions' }).last().click();
    await desk.page.getByRole('menuitem', { name: /^Lock/ }).click();
    await mobile.page.getByText('Only the care team posts here now').filter({ visible: true }).waitFor();
    await mobile.page.getByText('This chat was locked while you were writing. Your text is still here.').waitFor();
    await mobile.page.getByText('I had eggs').filter({ visible: true }).first().waitFor();
    await assertAccessible(mobile.page, 'a locked chat');
    await picture(mobile.page, 'client-chat-locked', { docs: true });
    const refused = await practice.client.raw('POST', `/conversations/${chat}/messages`, { body: 'x' });
    assert.deepEqual([refused.status, refused.body.code], [403, 'conversation_locked']);
    await desk.write('Only us for a moment');
    await mobile.sees('Only us for a moment');
    await desk.page.getByRole('button', { name: 'More actions' }).last().click();
    await desk.page.getByRole('menuitem', { name: 'Unlock' }).click();
    await until('the text is back in the composer', async () => (await mobile.composer().inputValue()) === 'I had eggs');
    await mobile.composer().press('Control+Enter');
    await mobile.sees('I had eggs');
  });

  test('a posting rate: the second post of the hour waits, in words', async () => {
    await settings(async (sheet) => {
      await sheet.getByLabel('Posts per client and hour').fill('1');
      await assertAccessible(desk.page, 'the settings of a community chat');
      await picture(desk.page, 'community-settings', { docs: true });
    });
    await mobile.write('First of the hour');
    await mobile.allSent(2);
    await mobile.write('Second of the hour');
    await mobile.page.getByText(/Each member can post once an hour here\. Try again in \d+ minutes/).waitFor();
    await mobile.bubbles().filter({ hasText: 'Second of the hour' }).getByRole('button', { name: 'Remove' }).click();
    await settings((sheet) => sheet.getByLabel('Posts per client and hour').fill(''));
  });

  test('a hidden roster: a client sees the care team and themself, and the posts of the others', async () => {
    await settings((sheet) => sheet.getByRole('switch', { name: 'Hide who is in it' }).click());
    await mobile.page.getByText('Members are not shown').filter({ visible: true }).first().waitFor();
    await mobile.page.getByRole('button', { name: 'Details' }).click();
    await mobile.page.getByText('Only the care team sees who else is here.').waitFor();
    const details = await mobile.page.getByRole('complementary').last().innerText();
    assert.ok(!details.includes('Tobin'), details);
    await mobile.page.getByRole('button', { name: 'Close details' }).click();
    await mobile.sees('Porridge again');
    await settings((sheet) => sheet.getByRole('switch', { name: 'Hide who is in it' }).click());
  });

  test('kept in step: who joins the group comes in, who leaves it goes, who was added by hand stays', async () => {
    const added = await practice.addClient({ name: 'Marigold Finch', email: 'marigold@mail.example', group_id: group });
    await until('she came in', async () => (await members()).includes('Marigold Finch'));
    await desk.page.getByText('Marigold Finch joined this conversation.').first().waitFor();
    await practice.owner.patch(`/clients/${added.id}`, { group_id: null });
    await until('she went', async () => !(await members()).includes('Marigold Finch'));
    await access(ids[wren.name], 'on');
    await until('who can take part comes in', async () => (await members()).includes(wren.name));
    assert.ok((await members()).includes(client.name));
  });

  test('a chat holds so many people and no more', async () => {
    const more = [];
    for (const n of [1, 2, 3]) more.push((await practice.addClient({ name: `Guest ${n}`, email: `guest${n}@mail.example` })).id);
    const put = (id) => practice.owner.raw('PUT', `/conversations/${chat}/members/${id}`);
    assert.deepEqual([(await put(more[0])).status, (await put(more[1])).status], [200, 200]);
    const full = await put(more[2]);
    assert.deepEqual([full.status, full.body.code], [409, 'conversation_full']);
    for (const id of more.slice(0, 2)) await practice.owner.delete(`/conversations/${chat}/members/${id}`);
  });

  test('a post is reported, staff see it at once and remove it', async () => {
    const bad = await tobinApi.send(chat, 'Buy my pills');
    await mobile.sees('Buy my pills');
    const bubble = mobile.page.locator(`article[data-message-id="${bad.id}"]`);
    await bubble.focus();
    await bubble.getByRole('button', { name: 'More', exact: true }).click({ force: true });
    await mobile.page.getByRole('menuitem', { name: /^Report/ }).click();
    const ask = dialog(mobile, 'Report this post');
    await ask.getByLabel(/What is wrong/).fill('Advertising');
    await assertAccessible(mobile.page, 'reporting a post');
    await picture(mobile.page, 'report-post', { docs: true });
    await ask.getByRole('button', { name: 'Report', exact: true }).click();
    await mobile.page.getByText('Reported. Your care team will look at it.').waitFor();
    await desk.navigation().getByRole('link', { name: /Reports.*1/s }).waitFor();
    await desk.goto('Reports');
    const row = desk.page.getByRole('listitem').filter({ hasText: 'Buy my pills' });
    await row.getByText('Advertising').waitFor();
    await row.getByText(`Reported by ${client.name}`).waitFor();
    await assertAccessible(desk.page, 'the reports');
    await picture(desk.page, 'reports', { docs: true });
    await row.getByRole('button', { name: `Remove post by ${tobin.name}` }).click();
    await dialog(desk, /^Remove the post/).getByLabel(/Note/).fill('Spoke to him');
    await dialog(desk, /^Remove the post/).getByRole('button', { name: 'Remove for everyone' }).click();
    await desk.page.getByRole('heading', { name: 'Nothing to look at' }).waitFor();
    await until('the post is gone for the client', async () => !(await mobile.page.locator('#main').innerText()).includes('Buy my pills'));
    await desk.page.getByRole('radio', { name: 'Settled' }).check();
    await desk.page.getByText('Spoke to him').waitFor();
  });

  test('aliases, where the practice chooses them', async () => {
    await desk.page.goto(`/clients/${ids[tobin.name]}`);
    const profile = desk.page.getByRole('region', { name: 'Profile' });
    await profile.getByLabel('Alias').fill('Early bird');
    await profile.getByRole('button', { name: 'Save', exact: true }).click();
    await desk.page.getByText('Saved.').first().waitFor();
    await desk.page.goto('/settings/chat/messages');
    await desk.page.getByLabel('Alias').check();
    await assertAccessible(desk.page, 'the settings of messages and names');
    await picture(desk.page, 'settings-messages', { docs: true });
    await desk.page.getByRole('button', { name: 'Save', exact: true }).click();
    await desk.page.getByText('No changes').waitFor();
    await mobile.page.reload();
    await mobile.sees('Porridge again');
    const text = await mobile.page.locator('#main').innerText();
    assert.ok(text.includes('Early bird') && !text.includes('Tobin'), text);
  });

  test('nothing complained on the way', () => {
    for (const app of [desk, mobile]) assert.deepEqual(app.page.complaints.filter((c) => !/4(03|09|29|22)/.test(c)), []);
  });
});
