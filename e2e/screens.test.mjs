// Pictures of the demo for the README and the guides, and what a picture has to show: the page fills the screen,
// nothing is cut off, nothing complains.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { Browser, desktop, phone, picture, tablet } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { Hearth } from './lib/server.mjs';

describe('pictures', () => {
  let server, browser, sheet;

  before(async () => {
    server = await Hearth.start('screens', { command: 'demo' });
    browser = await Browser.open();
    sheet = (await new Api(server.url).get('/installation')).sign_ins;
  });

  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  async function as(role, options) {
    const app = new App(await browser.person(server, options));
    await app.signIn(sheet.find((entry) => entry.role === role));
    return app;
  }

  async function take(app, name, docs = true) {
    await app.settled();
    assert.ok(await app.fitsWidth(), `${name}: something is wider than the screen`);
    const height = await app.page.evaluate(() => document.querySelector('#root').getBoundingClientRect().height);
    assert.ok(height >= app.page.viewportSize().height, `${name}: the page is ${height} high`);
    await picture(app.page, name, { docs });
    assert.deepEqual(app.page.complaints, [], name);
  }

  test('the inbox of a provider, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const app = await as('provider', { device: desktop, theme });
      await app.open('Leilani Kahale');
      await take(app, theme === 'light' ? 'inbox' : 'inbox-dark');
      await app.page.context().close();
    }
  });

  test('on a tablet', async () => {
    const app = await as('provider', { device: tablet });
    await app.conversations().first().click();
    await app.composer().waitFor();
    await take(app, 'inbox-tablet', false);
    await app.page.context().close();
  });

  test('a client on a phone', async () => {
    const app = await as('client', { device: phone });
    await take(app, 'client-inbox');
    await app.conversations().first().click();
    await app.composer().waitFor();
    await take(app, 'client-thread');
    await app.page.context().close();
  });

  test('clients, a profile, the team, settings, the audit log', async () => {
    const app = await as('owner', { device: desktop });
    for (const [area, name] of [['Clients', 'clients'], ['Team', 'team'], ['Settings', 'settings'], ['Audit log', 'audit-log']]) {
      await app.goto(area);
      await take(app, name);
    }
    await app.goto('Clients');
    await app.page.getByRole('table', { name: 'Clients' }).getByRole('link').first().click();
    await app.page.getByRole('heading', { level: 1 }).waitFor();
    await take(app, 'client');
    await app.page.goto('/inbox');
    await app.inboxShown();
    await app.openNewConversation();
    await take(app, 'new-conversation');
    await app.page.context().close();
  });

  test('signing in to the demo', async () => {
    const app = new App(await browser.person(server));
    await app.page.goto('/');
    await app.signInForm().waitFor();
    await take(app, 'sign-in');
    await app.page.context().close();
  });
});
