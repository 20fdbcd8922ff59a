// A conversation of 50,000 messages: it opens at once, scrolls without jumping and goes wherever one wants.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, desktop } from './lib/browser.mjs';
import { flood } from './lib/flood.mjs';
import { Messages } from './lib/messages.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const many = 50_000;
const fresh = 400;
// Messages of many heights, so that nothing can be right by luck.
const words = (i) => `Message ${i}${' and a little more to read'.repeat(i % 7)}${i % 5 === 0 ? '\n- one\n- two' : ''}`;

describe('a thread of 50,000 messages', () => {
  let practice, browser, app, messages, last;

  before(async () => {
    practice = await Practice.open('thread');
    const { url } = practice.server;
    await flood(url, practice.conversation, [practice.client, practice.provider], many, words);
    await practice.provider.send(practice.conversation, 'The last word of the provider');
    await flood(url, practice.conversation, [practice.client], fresh, (i) => `New ${words(i)}`);
    last = (await practice.provider.get(`/conversations/${practice.conversation}`)).last_seq;
    browser = await Browser.open();
    app = new App(await browser.person(practice.server, { device: desktop }));
    messages = new Messages(app);
    await app.signIn(provider);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('opens at its end, says how much is new and goes to the first of it', async () => {
    assert.ok(last > many + fresh);
    await app.open(client.name);
    await messages.seesSeq(last);
    await app.page.getByRole('button', { name: `${fresh} new messages` }).click();
    await messages.seesSeq(last - fresh + 1);
    await app.page.getByText('New', { exact: true }).waitFor();
  });

  test('goes back to the newest', async () => {
    await messages.newest().click();
    await messages.seesSeq(last);
    await until('everything is read', async () => (await practice.provider.get(`/conversations/${practice.conversation}`)).unread === 0);
  });

  test('keeps few of them in the page', async () => {
    assert.ok((await app.bubbles().count()) < 120);
  });

  test('older ones load without moving what one reads', async () => {
    for (let page = 0; page < 6; page++) {
      const before = await app.log().evaluate((node) => node.scrollHeight);
      await messages.scrollTo(380);
      const [anchor] = (await messages.inSight()).filter((m) => m.top >= 0);
      await until('older ones are there', async () => (await app.log().evaluate((node) => node.scrollHeight)) > before + 500);
      await settle();
      const now = (await messages.inSight()).find((m) => m.seq === anchor.seq);
      assert.ok(now, `message ${anchor.seq} left the screen on page ${page}`);
      assert.ok(Math.abs(now.top - anchor.top) <= 3, `message ${anchor.seq} moved by ${now.top - anchor.top} px on page ${page}`);
    }
  });

  test('every message is there once and in order while scrolling up and down', async () => {
    for (const by of [-1, 1]) {
      for (let i = 0; i < 12; i++) {
        await app.log().evaluate((node, to) => node.scrollBy(0, to), by * 700);
        await settle();
        const seqs = (await messages.inSight()).map((m) => m.seq);
        assert.ok(seqs.length > 1, 'the screen is not empty');
        assert.deepEqual(seqs, seqs.map((_, k) => seqs[0] + k), 'without a gap');
      }
    }
  });

  test('an address goes to a message in the middle, and reading goes on both ways', async () => {
    await app.page.goto(`/inbox/${practice.conversation}?m=25000`);
    await messages.seesSeq(25_000);
    await until('it has the focus', () => app.page.evaluate(() => document.activeElement?.dataset.seq === '25000'));
    for (const [by, ahead] of [[-1, 24_900], [1, 25_100]]) {
      await until(`message ${ahead} is reached`, async () => {
        await app.log().evaluate((node, to) => node.scrollBy(0, to), by * 900);
        await settle();
        return (await messages.inSight()).some((m) => Math.sign(m.seq - ahead) === by || m.seq === ahead);
      }, 40_000);
    }
    await app.page.goBack();
  });

  test('a date goes to its first message', async () => {
    await app.page.goto(`/inbox/${practice.conversation}`);
    await app.composer().waitFor();
    await messages.more('Go to a date…');
    await messages.dialog().getByRole('button', { name: 'Go there' }).click();
    await messages.seesSeq(1);
  });

  test('what comes meanwhile is counted and does not move what one reads; writing leads to the end', async () => {
    const [first] = await messages.inSight();
    await practice.client.send(practice.conversation, 'While you were reading');
    await until('it is counted', async () => /1 new/.test(await messages.newest().textContent()));
    assert.equal((await messages.inSight())[0].seq, first.seq);
    await app.write('Back at the end');
    await app.sees('While you were reading');
  });

  test('no page complained', () => assert.deepEqual(app.page.complaints, []));

  function settle() {
    return app.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))));
  }
});
