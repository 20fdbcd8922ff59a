// axe over every page and state, in both themes, on a desk and on a phone: no violation at all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, narrow, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, Practice, provider } from './lib/practice.mjs';
import { Hearth } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

describe('accessible', () => {
  let practice, empty, browser, group, longName;

  before(async () => {
    practice = await Practice.open('a11y');
    empty = await Hearth.start('a11y-empty');
    browser = await Browser.open();
    await fill();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
    await empty?.remove();
  });

  for (const device of [desktop, phone]) {
    for (const theme of ['light', 'dark']) {
      const where = `${device.name}, ${theme}`;

      test(`before signing in (${where})`, async () => {
        const first = await until('the setup link', () => empty.output.match(/http:\/\/\S+\/first-run#\S+/)?.[0]);
        const page = await browser.person(practice.server, { device, theme });
        const app = new App(page);
        const { invitation } = await practice.addClient({ name: `Fern ${where}`, password: undefined });
        const link = invitation?.link ?? (await practice.owner.post(`/clients/${await idOf(`Fern ${where}`)}/invitation`)).link;
        for (const address of ['/', '/forgot', '/reset#nothing', link, '/invite#nothing', first, '/api/docs']) {
          await page.goto(address);
          await app.settled();
          await assertAccessible(page, `${address.split('#')[0]} (${where})`);
        }
        await page.goto('/');
        await app.trySignIn({ email: client.email, password: 'not the password' });
        await app.alert().waitFor();
        await assertAccessible(page, `a refused sign-in (${where})`);
        await page.context().close();
      });

      test(`staff (${where})`, async () => {
        const page = await browser.person(practice.server, { device, theme });
        const app = new App(page);
        await app.signIn(owner);
        for (const area of await app.areas()) {
          await app.goto(area);
          await app.settled();
          await assertAccessible(page, `${area} (${where})`);
        }
        await page.goto(`/clients/${practice.clientId}`);
        await app.settled();
        await assertAccessible(page, `a profile (${where})`);
        await page.goto('/inbox');
        await app.openNewConversation();
        await assertAccessible(page, `new conversation (${where})`);
        await page.goto('/nowhere');
        await app.settled();
        await assertAccessible(page, `no such page (${where})`);
        await page.context().close();
      });

      test(`a thread with every state (${where})`, async () => {
        const page = await browser.person(practice.server, { device, theme });
        const app = new App(page);
        await app.signIn(provider);
        await page.goto(`/inbox/${practice.conversation}`);
        await app.composer().waitFor();
        await assertAccessible(page, `a thread (${where})`);
        await page.route('**/messages', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: '{"type":"about:blank","title":"Forbidden","status":403,"code":"forbidden","detail":"Not now."}' }) : route.fallback()));
        await app.write('This one fails', { wait: false });
        await until('it failed', async () => (await app.stateOf('This one fails')) === 'failed');
        await page.context().setOffline(true);
        await app.offlineNotice().waitFor();
        await app.type('A draft');
        await assertAccessible(page, `failed and offline (${where})`);
        await page.context().setOffline(false);
        await page.context().close();
      });

      test(`a client (${where})`, async () => {
        const page = await browser.person(practice.server, { device, theme });
        const app = new App(page);
        await app.signIn(client);
        await assertAccessible(page, `a client’s inbox (${where})`);
        await page.goto(`/inbox/${practice.conversation}`);
        await app.composer().waitFor();
        await assertAccessible(page, `a client’s thread (${where})`);
        assert.ok(await app.fitsWidth(), 'nothing is wider than the screen');
        await page.context().close();
      });
    }
  }

  for (const device of [desktop, phone, narrow]) {
    for (const theme of ['light', 'dark']) {
      const where = `${device.name}, ${theme}`;

      // Opens an address, does what is to be seen there, and looks at it.
      async function look(app, address, what, act) {
        await app.page.goto(address);
        await app.settled();
        await act?.(app.page);
        await assertAccessible(app.page, `${what} (${where})`);
        assert.deepEqual(await app.stickingOut(), [], `${what} (${where}): wider than the screen`);
      }

      async function as(person) {
        const app = new App(await browser.person(practice.server, { device, theme }));
        await app.signIn(person);
        return app;
      }

      test(`Chat Access (${where})`, async () => {
        const app = await as(owner);
        await look(app, '/access', 'all clients');
        await look(app, '/access', 'some selected', async (page) => {
          await page.getByRole('checkbox', { name: `Select ${client.name}` }).click();
          await page.getByRole('region', { name: 'Change the selected clients' }).waitFor();
        });
        await look(app, '/access', 'the preview', async (page) => {
          await page.getByRole('checkbox', { name: `Select ${client.name}` }).click();
          await page.getByRole('region', { name: 'Change the selected clients' }).getByRole('button', { name: /Direct Messaging/ }).click();
          await page.getByRole('menuitem', { name: /Turn off/ }).click();
          await page.getByText('Nothing has changed yet').waitFor();
        });
        await look(app, '/access?open=changes', 'the changes', (page) => page.getByRole('button', { name: 'Undo' }).first().waitFor());
        await look(app, '/access?open=import', 'the import');
        await look(app, '/access?q=nobody+of+that+name&source=client&state=archived', 'nobody fits, filters open', (page) => page.getByText('No client fits.').waitFor());
        await app.page.route('**/api/v1/chat-access/clients?**', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status":503,"code":"unavailable","title":"Unavailable"}' }));
        await look(app, '/access', 'it could not be loaded', (page) => page.getByRole('button', { name: 'Try again' }).waitFor());
        await app.page.context().close();
      });

      test(`settings of chat (${where})`, async () => {
        const app = await as(owner);
        const typed = (label) => async (page) => {
          await page.getByLabel(label, { exact: true }).first().fill('A rather long text that somebody typed and that has not been saved');
          await page.getByText('1 change not saved').waitFor();
        };
        await look(app, '/settings/chat/journal-entries', 'defaults, not saved', async (page) => {
          await page.getByRole('switch', { name: 'Allow Direct Messaging' }).click();
          await page.getByText(/^Not saved/).waitFor();
        });
        await leave(app, '/settings/chat/journal-entries', 'the preview for existing clients', async (page) => {
          await page.getByRole('button', { name: 'Preview changes' }).click();
          await page.getByText('Nothing has changed yet').waitFor();
        });
        await leave(app, '/settings/chat/notices', 'the notice, not saved', typed('Title'));
        await leave(app, '/settings/chat/messages', 'messages and names, not saved', async (page) => {
          await page.getByRole('radio', { name: /^Alias/ }).check();
          await page.getByText('1 change not saved').waitFor();
        });
        await leave(app, '/reports', 'no reports', (page) => page.getByText('Nothing to look at').waitFor());
        await leave(app, `/clients/groups/${group.id}/chat-settings`, 'a group with its own notice', async (page) => {
          await page.getByRole('checkbox', { name: /own notice/ }).click();
          await page.getByRole('radio', { name: 'Off' }).first().check({ force: true });
        });
        await leave(app, '/clients/groups', 'groups');
        await leave(app, `/clients/${longName.id}/chat-settings`, 'a client whose chat is off', async (page) => {
          await page.getByRole('button', { name: 'See the notice' }).click();
          await page.getByRole('switch', { name: 'Allow Community Chat participation' }).click();
        });
        await leave(app, '/audit', 'the audit log');
        await leave(app, '/audit?action=account.locked', 'an audit log without entries', (page) => page.getByText('No entries here.').waitFor());
        await app.page.context().close();
        const own = await as(provider);
        await look(own, '/settings/chat/journal-entries', 'a provider’s own defaults', (page) => page.getByRole('heading', { name: 'My new clients' }).waitFor());
        await own.page.context().close();

        // Leaves what was not saved behind.
        async function leave(from, ...rest) {
          from.page.once('dialog', (dialog) => dialog.accept());
          await look(from, ...rest);
          from.page.removeAllListeners('dialog');
        }
      });
    }
  }

  test('at 320 pixels and twice the size of letters nothing is cut off', async () => {
    const app = new App(await browser.person(practice.server, { device: narrow }));
    await app.signIn(client);
    await app.page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    assert.ok(await app.fitsWidth(), 'the inbox fits');
    await app.page.goto(`/inbox/${practice.conversation}`);
    await app.composer().waitFor();
    assert.ok(await app.fitsWidth(), 'the thread fits');
    await app.page.context().close();
  });

  const idOf = async (name) => (await practice.owner.get(`/clients?q=${encodeURIComponent(name)}`)).items[0].id;

  async function fill() {
    group = await practice.owner.post('/groups', { name: 'Morning group' });
    await practice.addStaff({ name: 'Perry Lark', email: 'perry@maplecourt.example', role: 'support' });
    await practice.addClient({ name: 'Oak Birch', email: 'oak@mail.example' });
    longName = await practice.addClient({ name: 'Maria-Magdalena Wolfeschlegelsteinhausenbergerdorff', email: 'a.very.long.address.that.never.ends@mail.example', group_id: group.id });
    const { version } = await practice.owner.get(`/clients/${longName.id}/chat-access`);
    await practice.owner.put(`/clients/${longName.id}/chat-access`, { version, direct: 'off', reason: `Moved to weekly calls, as we agreed ${'again and '.repeat(12)}again`, until: new Date(Date.now() + 30 * 86_400_000).toISOString() });
    const preview = await practice.owner.post('/chat-access/changes/preview', { filter: { group_id: group.id }, community: 'off', place: 'own' });
    await practice.owner.post('/chat-access/changes', { token: preview.token });
    const internal = await practice.provider.post('/conversations', { kind: 'internal', member_ids: [practice.owner.user.id], subject: 'Week plan' });
    await practice.provider.send(internal.id, 'Who covers Friday?');
    for (const [who, body] of [['provider', 'Welcome, good to have you here.'], ['client', 'Thank you!'], ['provider', 'How was the first week?\nTake your time.'], ['client', 'https://example.org/a-rather-long-address/that-has-to-break-somewhere/because-it-is-long']]) {
      await practice[who].send(practice.conversation, body);
    }
  }
});
