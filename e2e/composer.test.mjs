// What happens to words that are not sent yet: drafts, no network, a refusal.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, desktop } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

describe('words not sent yet', () => {
  let practice, browser, desk;

  before(async () => {
    practice = await Practice.open('composer');
    browser = await Browser.open();
    desk = new App(await browser.person(practice.server, { device: desktop }));
    await desk.signIn(provider);
    await desk.open(client.name);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('a draft survives a reload, and the device it was written on', async () => {
    await desk.type('Half a thought');
    await until('the server keeps the draft', async () => {
      const { draft } = await practice.provider.get(`/conversations/${practice.conversation}`);
      return draft === 'Half a thought';
    });
    await desk.page.reload();
    await until('the draft is back', async () => (await desk.composer().inputValue()) === 'Half a thought');
    const other = new App(await browser.person(practice.server));
    await other.signIn(provider);
    await other.open(client.name);
    await until('the draft is on the other device', async () => (await other.composer().inputValue()) === 'Half a thought');
    await other.page.context().close();
    assert.equal((await practice.client.get(`/conversations/${practice.conversation}`)).draft, '', 'a draft is one’s own');
    await desk.write('A whole thought');
    await until('sending ends the draft', async () => (await practice.provider.get(`/conversations/${practice.conversation}`)).draft === '');
  });

  test('without a network the page says so, messages wait, and go out by themselves later', async () => {
    const context = desk.page.context();
    await context.setOffline(true);
    await desk.offlineNotice().waitFor();
    await desk.write('Written in a tunnel', { wait: false });
    await until('it waits', async () => (await desk.stateOf('Written in a tunnel')) === 'waiting');
    assert.ok(!(await stored('Written in a tunnel')));
    await context.setOffline(false);
    await until('it is sent', async () => (await desk.stateOf('Written in a tunnel')) === 'sent', 30_000);
    await desk.offlineNotice().waitFor({ state: 'hidden' });
    assert.equal((await stored('Written in a tunnel', true)).length, 1);
  });

  test('an answer lost on the way does not double the message', async () => {
    let lost = 0;
    await desk.page.route('**/messages', async (route) => {
      if (route.request().method() !== 'POST' || lost++ > 0) return route.fallback();
      await route.fetch(); // it was stored, and the answer goes missing
      return route.abort('connectionreset');
    });
    await desk.write('Only once, please', { wait: false });
    await until('it is sent', async () => (await desk.stateOf('Only once, please')) === 'sent', 30_000);
    assert.ok(lost >= 1, 'an answer went missing');
    await desk.page.unroute('**/messages');
    assert.equal((await stored('Only once, please', true)).length, 1);
    assert.equal((await desk.messages()).filter((m) => m.text === 'Only once, please').length, 1);
  });

  test('a message that failed says so, keeps its words, and is sent by trying again', async () => {
    await desk.page.route('**/messages', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', title: 'Forbidden', status: 403, code: 'forbidden', detail: 'Not now.' }) })
        : route.fallback());
    await desk.write('Please arrive', { wait: false });
    await until('it shows as failed', async () => (await desk.stateOf('Please arrive')) === 'failed');
    await desk.page.unroute('**/messages');
    await desk.tryAgain('Please arrive');
    await until('it is sent', async () => (await desk.stateOf('Please arrive')) === 'sent');
    assert.equal((await stored('Please arrive', true)).length, 1);
  });

  test('nothing but spaces cannot be sent, and the longest message can', async () => {
    await desk.type('   ');
    assert.ok(await desk.sendDisabled(), 'Send is not possible');
    const long = `${'word '.repeat(3999)}end`;
    await desk.write(long, { wait: false });
    await until('it is stored', () => stored(long), 20_000);
  });

  async function stored(body, list = false) {
    const found = (await practice.provider.thread(practice.conversation)).filter((m) => m.body === body);
    return list ? found : found.length > 0;
  }
});
