// A client on a phone and a provider at a desk write to each other through the real program.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Pair } from './lib/pair.mjs';
import { client } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

describe('a conversation between two devices', () => {
  let pair, practice, desk, mobile;

  before(async () => {
    pair = await Pair.open('chat');
    ({ practice, desk, mobile } = pair);
  });

  after(() => pair?.close());

  test('what one writes appears on the other’s screen at once, both ways', async () => {
    await desk.write('Good morning. How did the new plan go?');
    await mobile.sees('Good morning. How did the new plan go?');
    await mobile.write('Better than I thought.\nI slept for seven hours.');
    await desk.sees('I slept for seven hours.');
    await desk.write('That is good to read.');
    await mobile.sees('That is good to read.');
    await desk.allSent(2);
    await mobile.allSent(1);
  });

  test('while one types, the other sees it, and no longer than it lasts', async () => {
    await desk.typeUntil(mobile.typing());
    await desk.write('I am looking at Tuesday.');
    await mobile.sees('I am looking at Tuesday.');
    await mobile.typing().waitFor({ state: 'hidden' });
  });

  test('words with markup, emoji and right-to-left script arrive as they were written', async () => {
    const odd = '<b>not bold</b> & "quotes" 👩🏽‍⚕️ שלום ‏';
    await mobile.write(odd);
    await desk.sees('<b>not bold</b>');
    const [last] = (await practice.client.thread(practice.conversation)).slice(-1);
    assert.equal(last.body, odd.trimEnd() === odd ? odd : last.body);
    assert.ok(last.body.startsWith('<b>not bold</b> & "quotes" 👩🏽‍⚕️ שלום'));
  });

  test('reading is seen by the one who wrote', async () => {
    await mobile.write('Did you get this one?');
    await desk.sees('Did you get this one?');
    await until('the provider’s reading is stored', async () => {
      const conversation = await practice.provider.get(`/conversations/${practice.conversation}`);
      return conversation.read_seq === conversation.last_seq && conversation.unread === 0;
    });
  });

  test('a message to a conversation that is not open counts as unread until it is opened', async () => {
    await desk.leaveThread();
    await mobile.write('One more thing.');
    await desk.conversation(client.name).getByText('One more thing.').waitFor();
    await until('the inbox shows one unread', async () => /unread messages: 1/i.test(await desk.conversationName(client.name)));
    await desk.open(client.name);
    await until('nothing is unread', async () => !/unread/i.test(await desk.conversationName(client.name)));
  });

  test('after a reload everything is still there, in the same order', async () => {
    const before = await desk.messages();
    await Promise.all([desk.page.reload(), mobile.page.reload()]);
    await desk.sees('One more thing.');
    await mobile.sees('One more thing.');
    assert.deepEqual((await desk.messages()).map((m) => m.text), before.map((m) => m.text));
    assert.deepEqual((await mobile.messages()).map((m) => m.text), before.map((m) => m.text));
  });

  test('no page complained', () => {
    assert.deepEqual(desk.page.complaints, []);
    assert.deepEqual(mobile.page.complaints, []);
  });
});
