// Finding what was written in one conversation, from its header: a list, the way from one to the next, and
// the messages themselves, at a desk and on a phone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

class Find extends App {
  bar() {
    return this.page.getByRole('search', { name: 'Search in this conversation' });
  }

  hits() {
    return this.bar().locator('button[data-found]');
  }

  async look(words) {
    await this.bar().getByRole('searchbox').fill(words);
  }

  async says(words) {
    await until(`the search says ${words}`, async () => (await this.bar().getByRole('status').innerText()) === words);
  }

  // The message of a number is shown, and lit up.
  async at(seq) {
    await this.page.locator(`article[data-seq="${seq}"]`).waitFor();
    await until(`the address leads to ${seq}`, () => new URL(this.page.url()).searchParams.get('m') === String(seq));
  }
}

describe('finding in a conversation', () => {
  let practice, browser, desk, mobile, oats;

  before(async () => {
    practice = await Practice.open('find');
    const { conversation, provider: rowan, client: juniper } = practice;
    oats = [];
    for (let day = 1; day <= 120; day++) {
      const body = day % 50 === 10 ? `Slow oats on day ${day}` : `Walked a while on day ${day}`;
      const sent = await (day % 2 ? juniper : rowan).send(conversation, body);
      if (body.includes('oats')) oats.unshift(sent.seq);
    }
    const wren = await practice.addClient({ name: 'Wren Alder', email: 'wren@mail.example' });
    await rowan.send(wren.direct_conversation_id, 'Slow oats for somebody else');
    browser = await Browser.open();
    desk = new Find(await browser.person(practice.server));
    await desk.signIn(provider);
    await desk.open(client.name);
    mobile = new Find(await browser.person(practice.server, { device: phone, theme: 'dark' }));
    await mobile.signIn(client);
    await mobile.conversations().first().click();
    await mobile.composer().waitFor();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('lists what this conversation has, newest first, with the words marked', async () => {
    await desk.page.getByRole('button', { name: 'Search in this conversation' }).click();
    await desk.look('oats');
    await desk.says('3 messages');
    assert.deepEqual(await desk.hits().evaluateAll((list) => list.map((hit) => Number(hit.dataset.found))), oats);
    assert.deepEqual(await desk.hits().locator('mark').allInnerTexts(), ['oats', 'oats', 'oats']);
    await assertAccessible(desk.page, 'finding in a conversation');
    await picture(desk.page, 'find', { docs: true });
  });

  test('goes from one to the next, up and down', async () => {
    await desk.bar().getByRole('searchbox').press('Enter');
    await desk.says('1 of 3');
    await desk.at(oats[0]);
    assert.equal(await desk.hits().count(), 0);
    await desk.bar().getByRole('button', { name: 'Older message' }).click();
    await desk.bar().getByRole('button', { name: 'Older message' }).click();
    await desk.says('3 of 3');
    await desk.at(oats[2]);
    assert.ok(await desk.bar().getByRole('button', { name: 'Older message' }).isDisabled());
    await desk.bar().getByRole('searchbox').press('Shift+Enter');
    await desk.says('2 of 3');
    await desk.at(oats[1]);
    await desk.bar().getByRole('button', { name: 'Show the list' }).click();
    await desk.hits().first().click();
    await desk.says('1 of 3');
    await desk.at(oats[0]);
  });

  test('says so where there is nothing, or what is asked cannot be read', async () => {
    await desk.look('lentils');
    await desk.says('Nothing found');
    await desk.look('oats before:someday');
    await until('it says what is wrong', async () => /^What you’re looking for/.test(await desk.bar().getByRole('status').innerText()));
    await desk.look('from:me oats');
    await desk.says('3 messages');
    await desk.bar().getByRole('searchbox').press('Escape');
    await desk.bar().waitFor({ state: 'detached' });
    assert.ok(await desk.page.getByRole('button', { name: 'Search in this conversation' }).evaluate((node) => node === document.activeElement));
  });

  test('is in the menu on a phone, and ends with the conversation', async () => {
    await mobile.page.getByRole('button', { name: 'More actions' }).click();
    await mobile.page.getByRole('menuitem', { name: 'Search in this conversation' }).click();
    await mobile.look('"slow oats"');
    await mobile.says('3 messages');
    await assertAccessible(mobile.page, 'finding in a conversation on a phone');
    assert.ok(await mobile.fitsWidth());
    await mobile.hits().last().click();
    await mobile.at(oats[2]);
    await mobile.says('3 of 3');
    await mobile.page.getByRole('link', { name: 'Back to all conversations' }).click();
    await mobile.conversations().first().click();
    await mobile.composer().waitFor();
    assert.equal(await mobile.bar().count(), 0);
  });
});
