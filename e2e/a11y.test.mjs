// axe over every page and state, in both themes, on a desk and on a phone: no violation at all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, Practice, provider } from './lib/practice.mjs';
import { Hearth } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

describe('accessible', () => {
  let practice, empty, browser;

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

  test('at 320 pixels and twice the size of letters nothing is cut off', async () => {
    const narrow = { name: 'narrow', viewport: { width: 320, height: 640 }, hasTouch: true };
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
    await practice.owner.post('/groups', { name: 'Morning group' });
    await practice.addStaff({ name: 'Perry Lark', email: 'perry@maplecourt.example', role: 'support' });
    await practice.addClient({ name: 'Oak Birch', email: 'oak@mail.example' });
    const internal = await practice.provider.post('/conversations', { kind: 'internal', member_ids: [practice.owner.user.id], subject: 'Week plan' });
    await practice.provider.send(internal.id, 'Who covers Friday?');
    for (const [who, body] of [['provider', 'Welcome, good to have you here.'], ['client', 'Thank you!'], ['provider', 'How was the first week?\nTake your time.'], ['client', 'https://example.org/a-rather-long-address/that-has-to-break-somewhere/because-it-is-long']]) {
      await practice[who].send(practice.conversation, body);
    }
  }
});
