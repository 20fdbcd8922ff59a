// What the first visit to the inbox costs on the wire.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, desktop, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { listed, weigh } from './lib/weight.mjs';

const most = 200_000; // bytes, compressed, headers and font included
const withThread = 225_000; // what a thread and the details beside it bring is needed only with them

describe('the first load of the inbox', () => {
  let practice, browser;

  before(async () => {
    practice = await Practice.open('weight');
    for (let i = 1; i <= 30; i++) {
      const added = await practice.addClient({ name: `Client Number ${i}`, email: `c${i}@mail.example`, password: undefined });
      await practice.provider.send(added.direct_conversation_id, `Hello number ${i}, this is a first message of the usual length.`);
    }
    for (let i = 1; i <= 60; i++) await practice.provider.send(practice.conversation, `Message ${i} of a thread that has been going on for a while.`);
    browser = await Browser.open();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  for (const [who, person, device] of [['a provider at a desk', provider, desktop], ['a client on a phone', client, phone]]) {
    test(`${who}: at most ${most / 1000} kB`, async (t) => {
      const page = await browser.person(practice.server, { device });
      const app = new App(page);
      await app.signIn(person);
      const weighed = await weigh(page);
      await page.goto('/');
      await app.inboxShown();
      await page.waitForLoadState('networkidle');
      const { bytes, requests } = await weighed();
      t.diagnostic(`${(bytes / 1000).toFixed(1)} kB in ${requests.length} requests`);
      assert.ok(requests.length > 3, 'the counter saw the load');
      assert.ok(bytes <= most, `${bytes} bytes:\n${listed(requests)}`);
      await page.context().close();
    });
  }

  test(`with a thread and its details opened at once: at most ${withThread / 1000} kB`, async (t) => {
    const page = await browser.person(practice.server);
    const app = new App(page);
    await app.signIn(provider);
    const weighed = await weigh(page);
    await page.goto(`/inbox/${practice.conversation}`);
    await app.sees('Message 60 of a thread');
    await page.waitForLoadState('networkidle');
    const { bytes, requests } = await weighed();
    t.diagnostic(`${(bytes / 1000).toFixed(1)} kB`);
    assert.ok(bytes <= withThread, `${bytes} bytes:\n${listed(requests)}`);
    await page.context().close();
  });
});
