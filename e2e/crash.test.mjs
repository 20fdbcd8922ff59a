// The server is killed while people write. What showed "sent" is there once and in order, and the pages
// come back by themselves.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Pair } from './lib/pair.mjs';
import { until } from './lib/wait.mjs';

describe('SIGKILL in the middle of sending', () => {
  let pair, practice, desk, mobile;

  before(async () => {
    pair = await Pair.open('crash');
    ({ practice, desk, mobile } = pair);
  });

  after(() => pair?.close());

  for (const round of [1, 2, 3]) {
    test(`round ${round}: everything sent is there once, in order, on both pages`, async () => {
      await markPages();
      const written = { desk: [], mobile: [] };
      const writing = [keepWriting(desk, `desk ${round}`, written.desk), keepWriting(mobile, `phone ${round}`, written.mobile)];
      await until('some messages are sent', async () => (await sentOf(desk, round)).length >= 4, 30_000);
      await practice.server.kill();
      const acknowledged = [...(await sentOf(desk, round)), ...(await sentOf(mobile, round))];
      await Promise.all(writing);
      await practice.server.up();

      const all = [...written.desk, ...written.mobile];
      for (const app of [desk, mobile]) {
        await until('both pages show everything', async () => shows(await app.history(), all), 60_000, 500);
      }
      const stored = await bodies(round);
      assert.deepEqual([...stored].sort(), [...all].sort(), 'each message is stored exactly once');
      for (const body of acknowledged) assert.ok(stored.includes(body), `lost after "sent": ${body}`);
      assert.deepEqual(stored.filter((b) => b.startsWith('desk')), written.desk, 'in the order they were written');
      assert.deepEqual(stored.filter((b) => b.startsWith('phone')), written.mobile, 'in the order they were written');
      for (const app of [desk, mobile]) {
        assert.deepEqual((await app.history()).filter((m) => ofRound(m.text, round)).map((m) => m.text), stored, 'pages show the order of the server');
        assert.equal(await app.page.evaluate(() => window.notReloaded), true, 'the page recovered without a reload');
      }
    });
  }

  test('the numbers have no gap and no repeat', async () => {
    const numbers = (await practice.client.thread(practice.conversation)).map((m) => m.seq);
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1));
  });

  // Live again, not only caught up.
  test('typing and live messages work after the last restart', async () => {
    await desk.typeUntil(mobile.typing());
    await desk.write('still here');
    await mobile.sees('still here');
  });

  const markPages = () => Promise.all([desk, mobile].map((app) => app.page.evaluate(() => { window.notReloaded = true; })));

  async function keepWriting(app, prefix, written) {
    for (let i = 1; i <= 15; i++) {
      const body = `${prefix} number ${i}`;
      await app.write(body, { wait: false });
      written.push(body);
    }
  }

  const ofRound = (text, round) => new RegExp(`^(desk|phone) ${round} number \\d+$`).test(text);

  async function sentOf(app, round) {
    return (await app.messages()).filter((m) => m.own && m.state === 'sent' && ofRound(m.text, round)).map((m) => m.text);
  }

  function shows(messages, all) {
    const settled = messages.filter((m) => m.state === 'sent' || !m.own).map((m) => m.text);
    return all.every((body) => settled.filter((text) => text === body).length === 1);
  }

  async function bodies(round) {
    return (await practice.client.thread(practice.conversation)).map((m) => m.body).filter((b) => ofRound(b, round));
  }
});
