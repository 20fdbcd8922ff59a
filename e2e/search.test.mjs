// Finding what was written: from the field of the inbox, by words and by who wrote where and when, at a desk
// and on a phone, with the walls that hold for reading.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, narrow, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const found = (page) => page.getByRole('region', { name: 'Messages found' });
const hits = (page) => found(page).getByRole('link');
const field = (page) => page.getByRole('searchbox', { name: /search/i });
const marked = (page) => found(page).locator('mark').allTextContents();

describe('search', () => {
  let practice, browser, desk, page, community, wren;

  before(async () => {
    practice = await Practice.open('search');
    wren = await practice.addClient({ name: 'Wren Alder', email: 'wren@mail.example' });
    const { conversation, provider: rowan, client: juniper } = practice;
    await juniper.send(conversation, 'Slow oats with blueberries again this morning');
    for (let i = 1; i <= 120; i++) await rowan.send(conversation, `Note ${i} of a long conversation about breakfast`);
    await juniper.send(conversation, 'I liked the **oatmeal** most');
    const chat = await rowan.post('/conversations', {
      kind: 'community', subject: 'Breakfast ideas', member_ids: [practice.clientId, wren.id],
    });
    community = chat.id;
    await rowan.send(community, 'Oats soak overnight');
    const gone = await juniper.send(community, 'Oats that I take back');
    await juniper.delete(`/conversations/${community}/messages/${gone.id}`);
    const edited = await juniper.send(community, 'Oats misspelled');
    await juniper.patch(`/conversations/${community}/messages/${edited.id}`, { body: 'Barley, spelled well' });
    browser = await Browser.open();
    page = await browser.person(practice.server);
    desk = new App(page);
    await desk.signIn(provider);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  async function look(words, count) {
    await field(page).fill(words);
    await until(`${count} messages are found for ${words}`, async () => (await hits(page).count()) === count);
  }

  test('/ goes to the field; what is found stands there by conversation, with the words marked', async () => {
    await page.keyboard.press('/');
    assert.equal(await field(page).evaluate((node) => node === document.activeElement), true);
    await page.keyboard.type('oat');
    await until('three messages are found', async () => (await hits(page).count()) === 3);
    assert.deepEqual(await marked(page), ['Oats', 'oatmeal', 'oats']);
    assert.deepEqual(await found(page).getByRole('heading', { level: 4 }).allTextContents(), ['Breakfast ideas', client.name]);
    await assertAccessible(page, 'search results');
    await picture(page, 'search', { docs: true });
  });

  test('a click opens the message in its place, and the results stay', async () => {
    await hits(page).filter({ hasText: 'blueberries' }).click();
    const log = desk.log();
    await log.getByText('Slow oats with blueberries').waitFor();
    await until('the message is in view', () => log.getByText('Slow oats with blueberries').evaluate((node) => {
      const { top, bottom } = node.getBoundingClientRect();
      return top > 0 && bottom < window.innerHeight;
    }));
    assert.equal(await hits(page).filter({ hasText: 'blueberries' }).getAttribute('aria-current'), 'true');
    assert.equal(await hits(page).count(), 3);
  });

  test('words, phrases, from, in, before and after', async () => {
    await look('"slow oats"', 1);
    await look('"oats slow', 0); // still being written
    await look('oats from:juniper', 1);
    await look('oats from:me', 1);
    await look('oats in:breakfast', 1);
    await look('oats after:yesterday', 2);
    await look('oats before:today', 0);
    await look('oats on:today from:juniper in:juniper', 1);
    await look('oats has:file', 0);
    await look('misspelled', 0);
    await look('"take back"', 0);
    await look('barley', 1);
  });

  test('older results come when they are asked for', async () => {
    await field(page).fill('breakfast');
    await until('the first ones are found', async () => (await hits(page).count()) >= 30);
    await until('all are found', async () => {
      await hits(page).last().scrollIntoViewIfNeeded();
      return (await hits(page).count()) === 120;
    });
  });

  test('nothing found, not understood, and out of reach', async () => {
    await field(page).fill('lentil');
    await page.getByText('Nothing found for “lentil”.').waitFor();
    await field(page).fill('oats before:soon');
    await page.getByText('This search can’t be read yet').waitFor();
    await page.route('**/api/v1/search?**', (route) => route.abort());
    await field(page).fill('oats soak');
    await page.getByRole('alert').getByText('We couldn’t load messages').waitFor();
    await page.unroute('**/api/v1/search?**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await until('it is found', async () => (await hits(page).count()) === 1);
  });

  test('a client on a phone finds what they may read, and nothing else', async () => {
    await practice.provider.send(wren.direct_conversation_id, 'Oats are for Wren alone');
    const mobile = new App(await browser.person(practice.server, { device: phone }));
    await mobile.signIn(client);
    await field(mobile.page).fill('oats');
    await until('theirs are found', async () => (await hits(mobile.page).count()) === 2);
    await mobile.fitsWidth();
    await picture(mobile.page, 'search-phone', { docs: true });
    await assertAccessible(mobile.page, 'search on a phone');
    await hits(mobile.page).filter({ hasText: 'blueberries' }).click();
    await mobile.composer().waitFor();
    await mobile.log().getByText('Slow oats with blueberries').waitFor();
    await mobile.page.goBack();
    await until('the results are there again', async () => (await hits(mobile.page).count()) === 2);
    await mobile.page.setViewportSize(narrow.viewport);
    await mobile.fitsWidth();
  });

  test('what a client may not read any more is not found', async () => {
    const { version } = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    await practice.owner.put(`/clients/${practice.clientId}/chat-access`, { version, community: 'off' });
    await practice.provider.send(community, 'Oats after the switch');
    const items = await practice.client.all('/search?q=oats');
    assert.deepEqual(items.map((item) => item.message.body), ['Oats soak overnight', 'Slow oats with blueberries again this morning']);
    assert.equal((await practice.provider.all('/search?q=%22after%20the%20switch%22')).length, 1);
  });
});
