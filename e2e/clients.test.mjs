// A practice with two thousand clients: the list, its search and its filters.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, desktop, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { owner, Practice } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const count = 2000;

describe('a list of two thousand clients', () => {
  let practice, browser, app, page, group;

  before(async () => {
    practice = await Practice.open('clients');
    group = await practice.owner.post('/groups', { name: 'Evening circle' });
    await seed();
    browser = await Browser.open();
    page = await browser.person(practice.server, { device: desktop });
    app = new App(page);
    await app.signIn(owner);
    await app.goto('Clients');
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('the total is shown, and only what is in view is in the page', async () => {
    await page.getByText(/2,?001/).first().waitFor();
    assert.ok((await app.clientRows().count()) < 200, 'the list is virtual');
  });

  test('scrolling reaches the last client', async () => {
    await until('the last client is shown', async () => {
      await app.scrollClients();
      return (await app.clientRow('Zinnia Zephyr').count()) > 0;
    }, 60_000, 30);
  });

  test('search finds one among all, in the address too', async () => {
    await app.searchClients('marrow 1234');
    await app.clientRow('Marrow 1234').waitFor();
    await until('nobody else is shown', async () => (await app.clientRows().count()) === 1);
    assert.match(page.url(), /q=marrow/i);
    await page.reload();
    await app.clientRow('Marrow 1234').waitFor();
    await app.searchClients('');
  });

  test('search for nobody says so', async () => {
    await app.searchClients('xyzzy');
    await page.getByText(/nothing found|no clients|nobody/i).first().waitFor();
    await app.searchClients('');
  });

  test('a filter by group shows its members', async () => {
    await app.filterClients('Group', 'Evening circle');
    await until('all shown are of the group', async () => /\b20\b/.test(await app.main().innerText()));
    assert.match(page.url(), new RegExp(group.id));
    await app.filterClients('Group', 'Any');
  });

  test('a profile opens from the list, and Back returns to the same search', async () => {
    await app.searchClients('Marrow 777');
    await app.clientRow('Marrow 777').waitFor();
    await app.openClient('Marrow 777');
    await page.getByRole('heading', { name: 'Marrow 777' }).first().waitFor();
    await page.goBack();
    await app.clientRow('Marrow 777').waitFor();
    assert.match(page.url(), /q=Marrow/i);
  });

  test('the list works on a phone', async () => {
    const small = new App(await browser.person(practice.server, { device: phone }));
    await small.signIn(owner);
    await small.goto('Clients');
    await small.searchClients('zinnia');
    await small.clientRow('Zinnia Zephyr').waitFor();
    assert.ok(await small.fitsWidth(), 'nothing is wider than the screen');
    await small.page.context().close();
  });

  async function seed() {
    const names = Array.from({ length: count - 1 }, (_, i) => ({ name: `Marrow ${i + 1}`, ...(i < 20 ? { group_id: group.id } : {}) }));
    names.push({ name: 'Zinnia Zephyr' });
    for (let at = 0; at < names.length; at += 16) {
      await Promise.all(names.slice(at, at + 16).map((someone) => practice.addClient({ ...someone, password: undefined })));
    }
  }
});
