// `hearth demo`: an invented practice, the same at every start, with a sheet of who may sign in.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { Practice } from './lib/practice.mjs';
import { Hearth } from './lib/server.mjs';
import { listed, weigh } from './lib/weight.mjs';

describe('the demo practice', () => {
  let server, browser, sheet;

  before(async () => {
    server = await Hearth.start('demo', { command: 'demo' });
    browser = await Browser.open();
    sheet = (await new Api(server.url).get('/installation')).sign_ins;
  });

  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  const find = (role) => sheet.find((entry) => entry.role === role);

  test('prints the sheet, and the page shows it', async () => {
    assert.ok(sheet.length >= 4);
    for (const { name, email, password } of sheet) {
      assert.ok(name && email.match(/@.*\.example$/) && password);
      assert.ok(server.output.includes(email), `${email} is not printed`);
    }
    const page = await browser.person(server);
    await page.goto('/');
    for (const { name } of sheet) await page.getByText(name).first().waitFor();
    await assertAccessible(page, 'the sign-in page of the demo');
    await page.context().close();
  });

  test('everybody on the sheet can sign in', async () => {
    for (const { email, password } of sheet) await Api.signIn(server.url, email, password);
  });

  test('a choice on the sheet signs in', async () => {
    const app = new App(await browser.person(server, { device: phone }));
    await app.page.goto('/');
    await app.chooseFromSheet(find('client').name);
    await app.inboxShown();
    await app.page.context().close();
  });

  test('it looks alive: 8 staff, 120 clients, 5 groups, conversations of all kinds over weeks', async () => {
    const { email, password } = find('owner');
    const owner = await Api.signIn(server.url, email, password);
    assert.equal((await owner.all('/staff')).length, 8);
    const clients = [...(await owner.all('/clients?state=active')), ...(await owner.all('/clients?state=archived'))];
    assert.equal(clients.length, 120);
    assert.equal((await owner.all('/groups')).length, 5);
    const all = new Map();
    for (const entry of sheet) {
      const person = await Api.signIn(server.url, entry.email, entry.password);
      for (const c of await person.all('/conversations')) all.set(c.id, c);
    }
    for (const c of await owner.all('/conversations?inbox=organization')) all.set(c.id, c);
    const kinds = [...all.values()].map((c) => c.kind);
    assert.ok(kinds.length >= 55, `${kinds.length} conversations`);
    for (const kind of ['direct', 'internal', 'community']) assert.ok(kinds.includes(kind), kind);
    const times = [...all.values()].map((c) => Date.parse(c.last_activity_at));
    assert.ok(Math.max(...times) - Math.min(...times) > 14 * 86_400_000, 'over weeks');
    assert.ok(Math.max(...times) <= Date.now(), 'nothing comes from the future');
  });

  test('every start has the same people and words', async () => {
    const again = await Hearth.start('demo-again', { command: 'demo' });
    try {
      assert.deepEqual((await new Api(again.url).get('/installation')).sign_ins, sheet);
      assert.deepEqual(await digest(again), await digest(server));
    } finally {
      await again.remove();
    }
  });

  async function digest({ url }) {
    const { email, password } = find('provider');
    const person = await Api.signIn(url, email, password);
    const conversations = await person.all('/conversations');
    const threads = [];
    for (const { id } of conversations.slice(0, 5)) threads.push((await person.thread(id)).map((m) => [m.author.name, m.body]));
    return [conversations.map((c) => [c.kind, c.subject, c.members.map((m) => m.name).sort()]), threads];
  }

  test('a practice that is no demo has no sheet', async () => {
    const practice = await Practice.open('no-demo', { people: false });
    try {
      const answer = await new Api(practice.server.url).get('/installation');
      assert.deepEqual([answer.demo, answer.sign_ins], [false, []]);
    } finally {
      await practice.close();
    }
  });

  test('the first load of a full inbox moves at most 200 kB', async (t) => {
    for (const { name, email, password } of sheet.filter((entry) => entry.role === 'provider')) {
      const page = await browser.person(server);
      const app = new App(page);
      await app.signIn({ email, password });
      const weighed = await weigh(page);
      await page.goto('/inbox');
      await app.inboxShown();
      const { bytes, requests } = await weighed();
      t.diagnostic(`${name}: ${(bytes / 1000).toFixed(1)} kB`);
      assert.ok(bytes <= 200_000, `${bytes} bytes:\n${listed(requests)}`);
      await page.context().close();
    }
  });

  test('its inbox is in good order on a desk', async () => {
    const app = new App(await browser.person(server, { device: desktop }));
    const { email, password } = find('provider');
    await app.signIn({ email, password });
    assert.ok((await app.conversations().count()) >= 5);
    assert.deepEqual(app.page.complaints, []);
    await app.page.context().close();
  });
});
