// "Adjust Chat Notifications" as staff see it: for a client, a group, new clients, and many at once; who may and
// who may not; two people at once; and that neither notifications nor chat access changes the other.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, narrow, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, otherOwner, owner, password, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const support = { name: 'Sol Marsh', email: 'sol@maplecourt.example', password };
const group = 'Concierge';

for (const device of [desktop, phone]) describe(`notification settings at a ${device.name}`, () => flows(device));

function flows(device) {
  let practice, browser, app, groupId;
  const suffix = device === desktop ? '' : '-phone';
  const docs = device === desktop;

  before(async () => {
    practice = await Practice.open(`notification-settings-${device.name}`, { organizations: [owner, otherOwner] });
    await practice.addStaff({ ...support, role: 'support' });
    groupId = (await practice.owner.post('/groups', { name: group })).id;
    await practice.owner.patch(`/clients/${practice.clientId}`, { group_id: groupId });
    browser = await Browser.open();
    app = await as(provider);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  async function as(person, options) {
    const one = new App(await browser.person(practice.server, { device, ...options }));
    await one.signIn(person);
    return one;
  }

  const ofClient = () => practice.owner.get(`/clients/${practice.clientId}/notifications`);
  const sheet = (of = app) => of.page.getByRole('dialog', { name: /Chat Settings/ });
  const cell = (place, name) => place.getByRole('radiogroup', { name });
  const choose = (place, name, value) => cell(place, name).getByRole('radio', { name: value, exact: true }).check();
  const save = (place) => place.getByRole('button', { name: 'Save', exact: true }).click();

  async function open(of = app) {
    await of.page.goto(`/clients/${practice.clientId}/chat-settings`);
    await cell(sheet(of), /^Direct messages by email/).waitFor();
  }

  async function bothThemes(page, where) {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      await assertAccessible(page, `${where}, ${theme}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }

  test('one client: each cell says its value and where that comes from, and only what was changed is saved', async () => {
    const { version } = await practice.owner.get(`/groups/${groupId}/notifications`);
    await practice.owner.put(`/groups/${groupId}/notifications`, { version, settings: { direct: { email: 'off' } } });
    const before = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    await open();
    await cell(sheet(), `Direct messages by email: off, from group ${group}`).waitFor();
    await cell(sheet(), 'Direct messages by push: on, default when added').waitFor();
    await choose(sheet(), /^Direct messages by push/, 'Off');
    await sheet().getByText('1 change not saved').waitFor();
    await cell(sheet(), /^Direct messages by push/).scrollIntoViewIfNeeded();
    await sheet().getByRole('button', { name: /^See where these come from/ }).first().click();
    await sheet().getByRole('table', { name: 'Where direct messages come from' }).waitFor();
    await bothThemes(app.page, 'Adjust Chat Notifications of a client');
    await picture(app.page, `notifications-client${suffix}`, { docs });
    await save(sheet());
    await sheet().getByText('No changes').waitFor();
    const now = await ofClient();
    assert.deepEqual(now.own.direct, { email: 'unset', push: 'off', in_app: 'unset' });
    assert.equal(now.effective.direct.push.source, 'client');
    assert.deepEqual(await practice.owner.get(`/clients/${practice.clientId}/chat-access`), before);
  });

  test('turning chat off changes no notification', async () => {
    const before = await ofClient();
    await sheet().getByRole('switch', { name: 'Allow Direct Messaging' }).click();
    await save(sheet());
    await sheet().getByText('No changes').waitFor();
    assert.equal((await practice.owner.get(`/clients/${practice.clientId}/chat-access`)).direct.effective, false);
    assert.deepEqual(await ofClient(), before);
  });

  test('what the client has turned off themselves is said', async () => {
    const mine = await practice.client.get('/me/notifications');
    await practice.client.put('/me/notifications', { version: mine.version, kinds: { community: { email: false } } });
    await open();
    await sheet().getByText(/turned it off themselves/).waitFor();
  });

  test('two people at once: the second is told, and nothing of either is lost', async () => {
    await open();
    await choose(sheet(), /^Community chats by push/, 'Off');
    const { version } = await ofClient();
    await practice.owner.put(`/clients/${practice.clientId}/notifications`, { version, own: { community: { in_app: 'off' } } });
    await save(sheet());
    await sheet().getByText(/changed this a moment ago/).waitFor();
    await sheet().getByText('Community chats in the app: off now.').waitFor();
    await picture(app.page, `notifications-conflict${suffix}`);
    await save(sheet());
    await sheet().getByText('No changes').waitFor();
    const { own } = await ofClient();
    assert.deepEqual(own.community, { email: 'unset', push: 'off', in_app: 'off' });
    assert.equal(own.direct.push, 'off');
  });

  test('support without the permission looks, the owner of another practice finds nothing', async () => {
    const sol = await as(support);
    await open(sol);
    assert.equal(await cell(sheet(sol), /^Direct messages by push/).getByRole('radio').first().isDisabled(), true);
    assert.equal(await sheet(sol).getByRole('button', { name: 'Save', exact: true }).count(), 0);
    await sol.page.goto('/settings/chat/notifications');
    await sol.page.getByText('There’s nothing here').waitFor();
    await sol.page.context().close();
    const other = await as(otherOwner);
    await other.page.goto(`/clients/${practice.clientId}/chat-settings`);
    await other.settled();
    assert.ok(!(await other.page.locator('body').innerText()).includes(client.name));
    await other.page.context().close();
  });

  test('a group: members without their own follow at once', async () => {
    const boss = await as(owner);
    await boss.page.goto(`/clients/groups/${groupId}/chat-settings`);
    await cell(sheet(boss), 'Direct messages by email: off').waitFor();
    await choose(sheet(boss), /^Community chats by email/, 'Off');
    await cell(sheet(boss), /^Community chats by email/).scrollIntoViewIfNeeded();
    await bothThemes(boss.page, 'Adjust Chat Notifications of a group');
    await picture(boss.page, `notifications-group${suffix}`, { docs });
    await save(sheet(boss));
    await sheet(boss).getByText('No changes').waitFor();
    assert.deepEqual((await ofClient()).effective.community.email, { on: false, source: 'group' });
    await boss.page.context().close();
  });

  test('new clients get the default, those who are there keep theirs', async () => {
    const boss = await as(owner);
    const before = await ofClient();
    await boss.page.goto('/settings/chat/notifications');
    const main = boss.page.locator('#main');
    await main.getByRole('switch', { name: 'Community chats by push' }).click();
    await main.getByRole('switch', { name: 'The practice’s name may stand in notifications' }).click();
    await bothThemes(boss.page, 'Settings > Chat > Chat notifications');
    await picture(boss.page, `notifications-defaults${suffix}`, { docs });
    await save(main);
    await main.getByText('No changes').waitFor();
    assert.equal((await practice.owner.get('/organization/notifications')).name_in_notifications, true);
    assert.deepEqual(await ofClient(), before);
    const added = await practice.addClient({ name: 'Second Client', email: 'second@mail.example' });
    const theirs = await practice.owner.get(`/clients/${added.id}/notifications`);
    assert.equal(theirs.default.community.push, 'off');
    assert.deepEqual(theirs.effective.community.push, { on: false, source: 'default' });
    await boss.page.context().close();
  });

  test('many at once: preview, apply and undo, and the list of changes', async () => {
    const boss = await as(owner);
    const before = await ofClient();
    await boss.goto('Access');
    await boss.page.getByText('Second Client').first().waitFor();
    await boss.page.getByRole('checkbox', { name: boss.small ? `Select ${client.name}` : /^Select all/ }).click();
    if (boss.small) await boss.page.getByRole('button', { name: 'Select all 2 that match' }).click();
    await boss.page.getByRole('region', { name: 'Change the selected clients' }).getByRole('button', { name: 'Notifications…' }).click();
    const dialog = boss.page.getByRole('dialog', { name: /^Notifications of/ });
    await choose(dialog, 'Direct messages in the app', 'Off');
    await dialog.getByText('Nothing has changed yet').waitFor();
    await dialog.getByRole('button', { name: 'Change for 2 clients' }).scrollIntoViewIfNeeded();
    await bothThemes(boss.page, 'the preview of notifications of many');
    await picture(boss.page, `notifications-preview${suffix}`, { docs });
    assert.deepEqual(await ofClient(), before, 'the preview changed something');
    await dialog.getByRole('button', { name: 'Change for 2 clients' }).click();
    await boss.page.getByText('Notifications changed for 2 clients.').waitFor();
    assert.deepEqual((await ofClient()).effective.direct.in_app, { on: false, source: 'client' });
    await boss.page.getByRole('button', { name: 'Undo' }).first().click();
    await boss.page.getByText('Taken back for 2 clients.').waitFor();
    assert.deepEqual((await ofClient()).own, before.own);
    await boss.page.getByRole('button', { name: 'Changes' }).click();
    const changes = boss.page.getByRole('dialog', { name: 'Changes' });
    await changes.getByText('Notifications: direct messages in the app off for 2 clients').waitFor();
    await changes.getByText(/^Taken back by/).waitFor();
    await assertAccessible(boss.page, 'the list of changes');
    await picture(boss.page, `notifications-changes${suffix}`);
    await boss.page.context().close();
  });

  test('an undo leaves who was changed since, and names them', async () => {
    const set = { direct: { email: 'on' } };
    const { token } = await practice.owner.post('/notifications/changes/preview', { clients: { all: true }, set });
    const { id } = await practice.owner.post('/notifications/changes', { token });
    await until('the change is through', async () => (await practice.owner.get(`/notifications/changes/${id}`)).state === 'applied');
    const { version } = await ofClient();
    await practice.owner.put(`/clients/${practice.clientId}/notifications`, { version, own: { direct: { email: 'off' } } });
    const boss = await as(owner);
    await boss.page.goto('/access?open=changes');
    await boss.page.getByRole('dialog', { name: 'Changes' }).getByRole('button', { name: 'Undo' }).first().click();
    await boss.page.getByText(`Taken back for 1 client. Changed since and left as is: ${client.name}.`).waitFor();
    assert.equal((await ofClient()).own.direct.email, 'off');
    await boss.page.context().close();
  });

  test('on the narrowest phone nothing sticks out', async () => {
    const small = await as(owner, { device: narrow });
    await open(small);
    assert.deepEqual(await small.stickingOut(), []);
    await cell(sheet(small), /^Direct messages by push/).scrollIntoViewIfNeeded();
    await picture(small.page, `notifications-client-320${suffix}`);
    await small.page.goto('/settings/chat/notifications');
    await small.page.getByRole('switch', { name: 'Direct messages by email' }).waitFor();
    assert.deepEqual(await small.stickingOut(), []);
    await small.page.context().close();
  });

  test('no page complained', () => {
    assert.deepEqual(app.page.complaints.filter((line) => !/403|404|409/.test(line)), []);
  });
}
