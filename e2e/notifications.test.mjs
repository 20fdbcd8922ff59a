// How people learn of messages: the bell, toasts, sounds, title and icon, mail, push, and what became of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, narrow, phone, picture } from './lib/browser.mjs';
import { countSounds, Notifications, rings } from './lib/notifications.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, Practice, provider } from './lib/practice.mjs';
import { PushService } from './lib/pushservice.mjs';
import { Mailbox } from './lib/smtp.mjs';
import { pause, until } from './lib/wait.mjs';

// A word that must never be seen outside of a conversation.
const canary = 'marzipan';

describe('notifications', () => {
  let practice, browser, mailbox, push, sage, second;

  before(async () => {
    mailbox = await Mailbox.open();
    push = await PushService.open();
    practice = await Practice.open('notifications', {
      env: {
        HEARTH_SMTP_URL: mailbox.url,
        HEARTH_MAIL_FROM: 'hearth@maplecourt.example',
        HEARTH_NOTIFY_DELAY: '1s',
        HEARTH_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
      },
    });
    const added = await practice.addClient({ name: 'Sage Birch', email: 'sage@mail.example' });
    sage = await practice.signIn('sage@mail.example');
    second = added.direct_conversation_id;
    browser = await Browser.open();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
    await mailbox?.close();
    await push?.close();
  });

  async function as(person, options = {}) {
    const page = await browser.person(practice.server, { worker: true, ...options });
    await countSounds(page.context());
    const app = new App(page);
    await app.signIn(person);
    return [app, new Notifications(app)];
  }

  // Everything that was told is read: the next test starts from nothing.
  async function readAll() {
    await practice.provider.post('/me/notices/read', { all: true });
    for (const id of [practice.conversation, second]) {
      const { last_seq: seq } = await practice.provider.get(`/conversations/${id}`);
      if (seq > 0) await practice.provider.put(`/conversations/${id}/read`, { seq });
    }
  }

  for (const [device, theme] of [[desktop, 'light'], [phone, 'dark']]) {
    test(`what comes shows in the bell, the title, the icon and a toast, until it is read (${device.name}, ${theme})`, async () => {
      await readAll();
      const [app, told] = await as(provider, { device, theme });
      await told.unread(0);
      assert.equal(await told.icon(), 'plain');
      await practice.client.send(practice.conversation, `A ${canary} recipe`);
      await told.toast(client.name).waitFor();
      await told.unread(1);
      await told.titled(/^\(1\) Inbox – Hearth$/);
      await until('the icon has a count', async () => (await told.icon()) === 'counted');
      assert.equal(await told.toast(client.name).innerText().then((text) => text.includes(canary)), false, 'a toast says nothing of what was written');
      assert.equal(await app.page.locator('[aria-live] [data-notice-id]').count(), 0, 'the toast is not read out');
      await app.page.locator('[aria-live="polite"]').filter({ hasText: `New message from ${client.name}` }).waitFor({ state: 'attached' });
      await practice.client.send(practice.conversation, 'And another');
      await told.open();
      await told.lines().filter({ hasText: /2 new messages/ }).waitFor();
      await assertAccessible(app.page, `the bell (${device.name}, ${theme})`);
      await picture(app.page, `bell-${device.name}`, { docs: theme === 'light' });
      await told.lines().first().click();
      await app.sees('And another');
      await until('nothing is unread', async () => (await practice.provider.get('/me/notices')).unread === 0);
      await told.titled(/^Inbox – Hearth$/);
      assert.equal(await told.icon(), 'plain');
      await app.leaveThread();
      await told.unread(0);
      assert.deepEqual(app.page.complaints, []);
      await app.page.context().close();
    });
  }

  test('all can be marked as read, here and on another device', async () => {
    await readAll();
    const [app, told] = await as(provider);
    const [other, toldThere] = await as(provider, { device: phone });
    await practice.client.send(practice.conversation, 'One');
    await sage.send(second, 'Two');
    await told.unread(2);
    await toldThere.unread(2);
    await toldThere.toast('Sage Birch').waitFor();
    await told.open();
    await app.page.getByRole('button', { name: 'Mark all as read' }).click();
    await told.unread(0);
    await toldThere.unread(0);
    await toldThere.toasts().first().waitFor({ state: 'detached' });
    await app.page.keyboard.press('Escape');
    await told.panel().waitFor({ state: 'detached' });
    assert.ok(await told.bell().evaluate((bell) => bell === document.activeElement), 'the focus is back on the bell');
    for (const one of [app, other]) await one.page.context().close();
  });

  test('by keyboard: to the bell, down the list, and in', async () => {
    await readAll();
    const [app, told] = await as(provider);
    await practice.client.send(practice.conversation, 'First');
    await told.unread(1);
    await sage.send(second, 'Last');
    await told.unread(2);
    await told.bell().focus();
    await app.page.keyboard.press('Enter');
    await told.lines().nth(1).waitFor();
    await told.lines().first().focus();
    await app.page.keyboard.press('ArrowDown');
    await app.page.keyboard.press('Enter');
    await app.sees('First');
    await app.page.context().close();
  });

  test('of two windows one makes a sound, and none for what one looks at', async () => {
    await readAll();
    const [app, told] = await as(provider);
    const other = await app.page.context().newPage();
    await other.goto('/clients');
    await other.getByRole('table', { name: 'Clients' }).waitFor();
    for (const page of [app.page, other]) await page.mouse.click(700, 8);
    const all = async () => (await rings(app.page)) + (await rings(other));
    await practice.client.send(practice.conversation, 'Ding');
    await told.toast(client.name).waitFor();
    await until('it was heard', async () => (await all()) > 0);
    await pause(700);
    assert.equal(await all(), 1, 'once');

    await app.page.goto(`/inbox/${second}`);
    await app.composer().waitFor();
    await app.page.mouse.click(700, 8);
    await other.reload();
    await other.getByRole('table', { name: 'Clients' }).waitFor();
    await other.mouse.click(700, 8);
    await sage.send(second, 'I am being looked at');
    await app.sees('I am being looked at');
    await pause(1_200);
    assert.equal(await all(), 0, 'the window that shows it keeps the other one silent');
    assert.equal(await told.toasts().count(), 0);
    await app.page.context().close();
  });

  test('quiet hours keep the app silent, and the choice of no sound', async () => {
    await readAll();
    const [app, told] = await as(provider);
    await told.settings();
    await app.page.getByRole('switch', { name: 'Keep quiet hours' }).check();
    await app.page.getByLabel('Until', { exact: true }).fill('23:59');
    await app.page.getByLabel('From', { exact: true }).fill('00:00');
    await told.save();
    const kept = await practice.provider.get('/me/notifications');
    assert.deepEqual([kept.quiet.on, kept.quiet.from, kept.quiet.to], [true, '00:00', '23:59']);
    await app.page.goto('/clients');
    await app.settled();
    await app.page.mouse.click(700, 8);
    await practice.client.send(practice.conversation, 'Hush');
    await told.toast(client.name).waitFor();
    await pause(1_000);
    assert.equal(await rings(app.page), 0);

    await told.settings();
    await app.page.getByRole('switch', { name: 'Keep quiet hours' }).uncheck();
    await app.page.getByRole('button', { name: 'Hear Drop' }).click();
    await until('the choice can be heard', async () => (await rings(app.page)) === 1);
    await app.page.getByRole('radio', { name: 'No sound' }).check();
    await told.save();
    await app.page.goto('/clients');
    await app.settled();
    await app.page.mouse.click(700, 8);
    await sage.send(second, 'Hush again');
    await told.toast('Sage Birch').waitFor();
    await pause(1_000);
    assert.equal(await rings(app.page), 0);
    await told.settings();
    await app.page.getByRole('radio', { name: 'Chime' }).check();
    await told.save();
    await app.page.context().close();
  });

  for (const device of [desktop, phone, narrow]) {
    test(`no toast lies over the composer or what waits above it (${device.name})`, async () => {
      await readAll();
      const third = await practice.addClient({ name: `Fern ${device.name}`, email: `fern-${device.name.replace(' ', '-')}@mail.example` });
      const [app, told] = await as(provider, { device });
      await practice.provider.post(`/conversations/${practice.conversation}/messages`, { body: 'Later', send_at: new Date(Date.now() + 86_400_000).toISOString() });
      await app.page.goto(`/inbox/${practice.conversation}`);
      await app.composer().waitFor();
      const strip = app.page.getByRole('button', { name: 'Show', exact: true });
      await strip.waitFor();
      const things = [
        ['the composer', app.composer()],
        ['Send', app.sendButton()],
        ['Schedule', app.page.getByRole('button', { name: 'Schedule', exact: true })],
        ['Show', strip],
      ];
      await app.composer().fill('A text\nof several\nlines');
      const fern = await practice.signIn(`fern-${device.name.replace(' ', '-')}@mail.example`);
      await sage.send(second, 'Over here');
      await fern.send(third.direct_conversation_id, 'And here');
      await told.toast(`Fern ${device.name}`).waitFor();
      await told.toast('Sage Birch').waitFor();
      assert.deepEqual(await told.covered(things), [], 'under notices');
      await picture(app.page, `toasts-${device.name.replace(' ', '-')}`, { docs: device === desktop });
      await assertAccessible(app.page, `toasts (${device.name})`);
      assert.deepEqual(await app.stickingOut(), []);
      // What the app itself says stands with them.
      await app.page.getByRole('button', { name: 'Schedule', exact: true }).click();
      await app.page.getByRole('dialog', { name: 'Schedule' }).getByRole('button', { name: /Tomorrow morning/ }).click();
      await app.page.getByRole('button', { name: 'Undo' }).waitFor();
      assert.deepEqual(await told.covered([...things.slice(0, 2), things[3]]), [], 'under what the app says');
      await app.page.getByRole('button', { name: 'Undo' }).click();
      await told.toast('Sage Birch').getByRole('link').click();
      await app.sees('Over here');
      for (const kept of (await practice.provider.get('/scheduled?state=scheduled')).items) await practice.provider.delete(`/scheduled/${kept.id}`);
      await app.page.context().close();
    });
  }

  test('a line of the bell opens at its message; where that was deleted, at what is new', async () => {
    await readAll();
    const far = await practice.client.send(practice.conversation, 'The one that it is about');
    await until('it is told', async () => (await practice.provider.get('/me/notices')).unread === 1);
    for (let i = 0; i < 60; i++) await practice.client.send(practice.conversation, `Behind it ${i}`);
    const [app, told] = await as(provider, { device: phone });
    await told.unread(1);
    await told.open();
    await told.lines().first().click();
    const at = app.page.locator(`[data-seq="${far.seq}"]`);
    await at.filter({ hasText: 'The one that it is about' }).waitFor();
    assert.match(app.page.url(), new RegExp(`\\?m=${far.seq}$`));
    await until('it has the focus', () => at.evaluate((node) => node === document.activeElement));
    await app.page.context().close();

    await readAll();
    const gone = await practice.client.send(practice.conversation, 'Taken back');
    await until('it is told', async () => (await practice.provider.get('/me/notices')).unread === 1);
    await practice.client.send(practice.conversation, 'And another');
    await practice.client.delete(`/conversations/${practice.conversation}/messages/${gone.id}`);
    const [desk, bell] = await as(provider);
    await bell.unread(1);
    await bell.open();
    await bell.lines().first().click();
    await desk.sees('And another');
    assert.ok(!desk.page.url().includes('?m='));
    await desk.page.context().close();
  });

  test('after a break of the connection the count is right without asking', async () => {
    await readAll();
    const [app, told] = await as(provider);
    await told.unread(0);
    await app.page.context().setOffline(true);
    await practice.client.send(practice.conversation, 'While you were away');
    await until('it is told', async () => (await practice.provider.get('/me/notices')).unread === 1);
    const asked = [];
    app.page.on('request', (request) => request.url().includes('/me/notices') && asked.push(request.url()));
    await app.page.context().setOffline(false);
    await told.unread(1);
    await app.settled();
    assert.deepEqual(asked, []);
    await app.page.context().close();
  });

  test('a toast leaves what one writes in sight with the keyboard open (phone)', async () => {
    await readAll();
    const [app, told] = await as(provider, { device: phone });
    await app.page.goto(`/inbox/${practice.conversation}`);
    await app.composer().fill('A text\nof several\nlines');
    await app.page.evaluate(() => {
      Object.defineProperty(visualViewport, 'height', { configurable: true, value: 420 });
      visualViewport.dispatchEvent(new Event('resize'));
    });
    await sage.send(second, 'Over here');
    await told.toast('Sage Birch').waitFor();
    const things = [['the composer', app.composer()], ['Send', app.sendButton()]];
    await until('all stands still', async () => (await told.covered(things)).length === 0);
    const box = await told.toast('Sage Birch').boundingBox();
    const field = await app.composer().boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= field.y && field.y + field.height <= 420, JSON.stringify([box, field]));
    await picture(app.page, 'toast-keyboard');
    // On its side there is room for what one writes alone.
    await app.page.setViewportSize({ width: 844, height: 390 });
    await told.toast('Sage Birch').waitFor({ state: 'hidden' });
    await app.page.context().close();
  });

  test('settings changed on another device show here at once; what is not saved yet stays, and says so', async () => {
    const [app, told] = await as(provider);
    await told.settings();
    const radio = (name) => app.page.getByRole('radio', { name });
    let { version } = await practice.provider.get('/me/notifications');
    ({ version } = await practice.provider.put('/me/notifications', { version, sound: 'knock' }));
    await until('the other sound is chosen', () => radio('Knock').isChecked());
    assert.equal(await app.page.getByText('Someone changed this a moment ago').count(), 0);
    await app.page.getByRole('checkbox', { name: 'Direct messages: Push' }).uncheck();
    await practice.provider.put('/me/notifications', { version, sound: 'chime' });
    await app.page.getByText('Someone changed this a moment ago').waitFor();
    assert.ok(await radio('Chime').isChecked());
    assert.equal(await app.page.getByRole('checkbox', { name: 'Direct messages: Push' }).isChecked(), false);
    await app.page.getByRole('button', { name: 'Discard' }).click();
    await app.page.context().close();
  });

  test('one’s own settings: saved, refused where another device was first, grey where the practice does not allow', async () => {
    const { version } = await practice.owner.get(`/clients/${practice.clientId}/notifications`);
    await practice.owner.put(`/clients/${practice.clientId}/notifications`, { version, own: { community: { push: 'off' } } });
    const [app, told] = await as(client, { device: phone });
    await told.settings();
    const box = (name) => app.page.getByRole('checkbox', { name });
    assert.ok(await box('Community chats: Push').isDisabled());
    await app.page.getByText('turned off by your practice').waitFor();
    assert.equal(await box(/^Team|^Reminders/).count(), 0);
    await box('Community chats: Email').uncheck();
    await app.page.getByRole('radio', { name: /Every hour/ }).check();
    await told.save();
    let kept = await practice.client.get('/me/notifications');
    assert.deepEqual([kept.kinds.community.email, kept.kinds.direct.email, kept.digest], [false, true, 'hourly']);

    await box('Direct messages: Push').uncheck();
    await practice.client.put('/me/notifications', { version: kept.version, digest: 'at_once' });
    await app.page.getByRole('button', { name: 'Save', exact: true }).click();
    await app.page.getByText('Someone changed this a moment ago').waitFor();
    assert.ok(await app.page.getByRole('radio', { name: /At once/ }).isChecked());
    assert.equal(await box('Direct messages: Push').isChecked(), false);
    await told.save();
    kept = await practice.client.get('/me/notifications');
    assert.deepEqual([kept.kinds.direct.push, kept.digest], [false, 'at_once']);
    await box('Direct messages: Push').check();
    await told.save();
    assert.deepEqual(app.page.complaints.filter((text) => !text.includes('409')), []);
    await app.page.context().close();
  });

  test('push: asked for clearly, sent with nothing in it, shown by the worker, opened, removed', async () => {
    const page = await browser.person(practice.server, { device: phone, worker: true });
    const context = page.context();
    await context.grantPermissions(['notifications']);
    await context.exposeFunction('testSubscribe', () => push.subscribe('first'));
    await context.addInitScript(browserPush);
    const app = new App(page);
    const told = new Notifications(app);
    await app.signIn(client);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await told.settings();
    await page.getByRole('button', { name: 'Turn on push on this device' }).click();
    await page.getByText('Shall this device tell you').waitFor();
    await page.getByText('Shall this device tell you').evaluate((node) => node.scrollIntoView({ block: 'center' }));
    await assertAccessible(page, 'the question about push');
    await picture(page, 'push-question', { docs: true });
    await page.getByRole('button', { name: 'Yes, turn it on' }).click();
    await page.getByText('Push is on for this device.').first().waitFor();
    // A second device of the same person, elsewhere.
    await practice.client.post('/me/push', { ...push.subscribe('second'), device: 'Firefox on Linux' });
    await page.reload();
    const devices = page.getByRole('list', { name: 'Devices with push' }).getByRole('listitem');
    await until('both are listed', async () => (await devices.count()) === 2);
    await until('one of them is this', async () => (await devices.filter({ hasText: 'This device' }).count()) === 1);
    await devices.filter({ hasText: 'This device' }).getByRole('button', { name: /^Rename/ }).click();
    await page.getByLabel('Name of this device').fill('My own phone');
    await assertAccessible(page, 'renaming a device');
    await page.getByRole('button', { name: 'Save name' }).click();
    await devices.filter({ hasText: 'My own phone' }).filter({ hasText: 'This device' }).waitFor();
    await page.getByRole('button', { name: 'Send a test to Firefox on Linux' }).click();
    await until('the second got the test', () => push.pushes.some((p) => p.device === 'second'));
    assert.ok(!push.pushes.some((p) => p.device === 'first'), 'and the first did not');
    await page.getByRole('button', { name: 'Send a test to My own phone' }).click();
    await until('the first got the test', () => push.pushes.some((p) => p.device === 'first'));
    await until('and the page says so', async () => (await devices.filter({ hasText: 'last push' }).count()) === 2);
    assert.deepEqual(await app.stickingOut(), []);
    await picture(page, 'push-devices');

    push.pushes.length = 0;
    await page.goto('/account');
    await app.settled();
    await practice.provider.send(practice.conversation, `Your ${canary} is ready`);
    await until('both were told', () => push.pushes.length >= 2);
    await practice.provider.send(practice.conversation, 'And one more');
    await pause(1_500);
    assert.equal(push.pushes.length, 2, 'once for each device until it is read');
    for (const { text, headers } of push.pushes) {
      const whole = JSON.stringify([text, headers]);
      for (const word of [canary, client.name, provider.name, owner.organization, 'Juniper', 'Rowan']) assert.ok(!whole.includes(word), `${word} in ${whole}`);
      assert.match(headers.authorization, /^vapid t=/i);
    }

    // What the push service would hand to the browser, handed to its real worker.
    await deliver(page, push.pushes[0].text);
    const shown = await until('a notification shows', () => page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready;
      return (await worker.getNotifications()).map((n) => `${n.title}|${n.body}`);
    }).then((all) => all.length > 0 && all));
    assert.deepEqual(shown, ['You have a new message|']);
    const { id } = JSON.parse(push.pushes[0].text);
    await page.goto(`/go/${id}`);
    await app.sees('And one more');
    const { seq } = await practice.client.get(`/me/notices/${id}`);
    assert.ok(seq > 0);
    await page.waitForURL(`**/inbox/${practice.conversation}?m=${seq}`);
    await page.locator(`[data-seq="${seq}"]`).filter({ hasText: canary }).waitFor();

    push.forget('second');
    await pause(300);
    await practice.provider.send(practice.conversation, 'For the first alone');
    await page.goto('/account');
    await practice.provider.send(practice.conversation, 'Once more');
    await until('the dead device is taken off', async () => (await practice.client.get('/me/push')).subscriptions.length === 1, 20_000);
    await told.settings();
    await devices.getByRole('button', { name: /^Remove/ }).click();
    await page.getByText('None of your devices gets push.').waitFor();
    assert.deepEqual((await practice.client.get('/me/push')).subscriptions, []);
    assert.deepEqual(page.complaints, []);
    await context.close();
  });

  test('a browser that somebody else used before brings them nothing, and the new person no pushes of theirs', async () => {
    const page = await browser.person(practice.server, { device: desktop, worker: true });
    const context = page.context();
    await context.grantPermissions(['notifications']);
    await context.exposeFunction('testSubscribe', () => push.subscribe('shared'));
    await context.addInitScript(browserPush);
    const app = new App(page);
    const told = new Notifications(app);
    await app.signIn(client);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await told.settings();
    await page.getByRole('button', { name: 'Turn on push on this device' }).click();
    await page.getByRole('button', { name: 'Yes, turn it on' }).click();
    await page.getByText('This device', { exact: true }).waitFor();
    const devices = async (of) => (await of.get('/me/push')).subscriptions.length;
    assert.equal(await devices(practice.client), 1);
    // Their session is gone and nobody signed out here: it ran out, or the cookie was taken away.
    await context.clearCookies();
    await app.signIn(provider);
    await until('it is the client’s no more', async () => (await devices(practice.client)) === 0);
    await until('the browser has given it up', () => page.evaluate(() => localStorage.getItem('test.push') === null));
    await told.settings();
    await page.getByRole('button', { name: 'Turn on push on this device' }).waitFor();
    assert.equal(await devices(practice.provider), 0);
    push.pushes.length = 0;
    await practice.client.put(`/conversations/${practice.conversation}/read`, { seq: (await practice.client.get(`/conversations/${practice.conversation}`)).last_seq });
    await practice.provider.send(practice.conversation, 'For the client alone');
    await pause(2_500);
    assert.equal(push.pushes.filter((p) => p.device === 'shared').length, 0);
    await context.close();
  });

  test('a browser that refuses is told how to change that', async () => {
    const page = await browser.person(practice.server, { device: desktop, worker: true });
    await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'denied' }));
    const app = new App(page);
    await app.signIn(provider);
    await new Notifications(app).settings();
    await page.getByText('This browser blocks notifications from Hearth.').waitFor();
    await assertAccessible(page, 'push is blocked');
    await page.context().close();
  });

  test('what became of it is a history: one’s own, and a client’s for staff; never what it was about', async () => {
    await until('a mail went out', () => mailbox.mails.some((mail) => mail.to.includes(client.email)), 30_000);
    const [mine] = await as(client, { device: phone });
    await mine.page.goto('/settings/notifications/history');
    const lines = mine.page.getByRole('list', { name: 'Notification history' }).getByRole('listitem');
    await lines.filter({ hasText: 'Email' }).filter({ hasText: 'Sent' }).first().waitFor();
    await lines.filter({ hasText: 'Push' }).first().waitFor();
    await assertAccessible(mine.page, 'one’s own history');
    await picture(mine.page, 'notification-history', { docs: true });
    const text = await mine.page.getByRole('list', { name: 'Notification history' }).innerText();
    for (const word of [canary, 'Rowan', 'Juniper']) assert.ok(!text.includes(word));
    await mine.page.context().close();

    const [desk] = await as(provider);
    await desk.page.goto(`/clients/${practice.clientId}`);
    await desk.page.getByRole('region', { name: 'Notification history' }).getByRole('button', { name: 'Show the history' }).click();
    const sheet = desk.page.getByRole('dialog', { name: 'Notification history' });
    await sheet.getByRole('listitem').filter({ hasText: 'Email' }).first().waitFor();
    await assertAccessible(desk.page, 'a client’s history');
    await desk.page.context().close();
  });

  for (const [device, theme] of [[desktop, 'light'], [desktop, 'dark'], [phone, 'light'], [narrow, 'dark']]) {
    test(`the pages fit and read well (${device.name}, ${theme})`, async () => {
      for (const person of device === desktop ? [owner] : [client, owner]) {
        const [app, told] = await as(person, { device, theme });
        const where = `${person.name}, ${device.name}, ${theme}`;
        await told.settings();
        await app.page.getByRole('switch', { name: 'Keep quiet hours' }).check();
        await app.page.getByRole('radio', { name: /Once a day/ }).check();
        await assertAccessible(app.page, `notifications, not saved (${where})`);
        assert.deepEqual(await app.stickingOut(), [], where);
        if (theme === 'light') await picture(app.page, `notification-settings-${device.name}`, { docs: device === desktop });
        await app.page.getByRole('button', { name: 'Discard' }).click();
        await app.page.goto('/settings/notifications/history');
        await app.settled();
        await assertAccessible(app.page, `the history (${where})`);
        assert.deepEqual(await app.stickingOut(), [], where);
        await app.page.goto('/inbox');
        await app.inboxShown();
        await told.open();
        await app.settled();
        await assertAccessible(app.page, `the bell (${where})`);
        assert.deepEqual(app.page.complaints, [], where);
        await app.page.context().close();
      }
    });
  }

  // Hands a payload to the page's service worker, as the browser does when its push service has one.
  async function deliver(page, data) {
    const cdp = await page.context().newCDPSession(page);
    const found = new Promise((resolve) => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations.length > 0 && resolve(registrations[0])));
    await cdp.send('ServiceWorker.enable');
    const { registrationId } = await found;
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: practice.server.url, registrationId, data });
    await cdp.detach();
  }
});

// A browser vendor's push service is out of reach here, so this stands in for what the browser says of it: a
// subscription at the service of these tests, kept as a browser keeps it. Everything else is the browser's own.
function browserPush() {
  const key = 'test.push';
  const make = (stored, options) => ({
    endpoint: stored.endpoint,
    options,
    toJSON: () => stored,
    unsubscribe: async () => {
      localStorage.removeItem(key);
      return true;
    },
  });
  PushManager.prototype.getSubscription = async () => {
    const stored = localStorage.getItem(key);
    return stored ? make(JSON.parse(stored), {}) : null;
  };
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.byteLength !== 65) throw new DOMException('a wrong key', 'InvalidAccessError');
    const stored = await window.testSubscribe();
    localStorage.setItem(key, JSON.stringify(stored));
    return make(stored, options);
  };
}
