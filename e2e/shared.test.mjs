// What was shared in a conversation, beside it: the newest files, all of them, and the way to their messages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { pdf, png } from './lib/samples.mjs';
import { until } from './lib/wait.mjs';

class Shared extends App {
  section() {
    return this.page.getByRole('region', { name: 'Shared files' });
  }

  sheet() {
    return this.page.getByRole('dialog', { name: 'Shared files' });
  }

  names(within) {
    return within.locator('li[data-shared] b').allInnerTexts();
  }

  async shows(within, names) {
    await until(`these files are listed: ${names}`, async () => (await this.names(within)).join() === names.join());
  }
}

describe('shared files', () => {
  let practice, browser, desk, mobile;

  before(async () => {
    practice = await Practice.open('shared');
    const { conversation, provider: rowan, client: juniper } = practice;
    await juniper.sendFiles(conversation, ['monday.png', png()], ['tuesday.png', png(640, 420, [88, 132, 196])]);
    for (let day = 1; day <= 60; day++) await rowan.send(conversation, `Day ${day}`);
    await rowan.sendFiles(conversation, ['Steady mornings.pdf', pdf()]);
    browser = await Browser.open();
    desk = new Shared(await browser.person(practice.server));
    await desk.signIn(provider);
    await desk.open(client.name);
    mobile = new Shared(await browser.person(practice.server, { device: phone, theme: 'dark' }));
    await mobile.signIn(client);
    await mobile.conversations().first().click();
    await mobile.composer().waitFor();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('the newest stand beside the conversation, with who shared them', async () => {
    await desk.shows(desk.section(), ['Steady mornings.pdf', 'monday.png', 'tuesday.png']);
    const text = await desk.section().innerText();
    assert.match(text, /You · /);
    assert.match(text, /Juniper · /);
    assert.equal(await desk.section().getByRole('button', { name: /^All/ }).count(), 0);
    await desk.section().scrollIntoViewIfNeeded();
    await assertAccessible(desk.page, 'a conversation with shared files');
    await picture(desk.page, 'shared-files', { docs: true });
  });

  test('a picture opens large, a document is saved', async () => {
    await desk.section().getByRole('button', { name: 'Look at monday.png' }).click();
    const large = desk.page.getByRole('dialog', { name: 'monday.png' });
    await large.getByRole('button', { name: 'Next' }).click();
    await desk.page.getByRole('dialog', { name: 'tuesday.png' }).waitFor();
    await desk.page.keyboard.press('Escape');
    const saving = desk.page.waitForEvent('download');
    await desk.section().getByRole('link', { name: /Steady mornings/ }).click();
    assert.equal((await saving).suggestedFilename(), 'Steady mornings.pdf');
  });

  test('what is shared now appears, what is deleted goes, and there is a list of all', async () => {
    const sent = await practice.client.sendFiles(practice.conversation, ['wednesday.png', png(640, 420, [132, 196, 88])]);
    await desk.shows(desk.section(), ['wednesday.png', 'Steady mornings.pdf', 'monday.png']);
    await desk.section().getByRole('button', { name: 'All 4 shared files' }).click();
    await desk.shows(desk.sheet(), ['wednesday.png', 'Steady mornings.pdf', 'monday.png', 'tuesday.png']);
    await assertAccessible(desk.page, 'all shared files');
    await practice.client.delete(`/conversations/${practice.conversation}/messages/${sent.id}`);
    await desk.shows(desk.sheet(), ['Steady mornings.pdf', 'monday.png', 'tuesday.png']);
    await desk.sheet().getByRole('button', { name: 'Show tuesday.png in the conversation' }).click();
    await desk.page.locator('article[data-seq="1"]').waitFor();
    assert.equal(await desk.sheet().count(), 0);
    assert.equal(new URL(desk.page.url()).searchParams.get('m'), '1');
  });

  test('on a phone they lead from the details to the message', async () => {
    await mobile.page.getByRole('button', { name: 'Details' }).click();
    await mobile.shows(mobile.section(), ['Steady mornings.pdf', 'monday.png', 'tuesday.png']);
    await assertAccessible(mobile.page, 'shared files on a phone');
    assert.ok(await mobile.fitsWidth());
    await mobile.section().getByRole('button', { name: 'Show monday.png in the conversation' }).click();
    await mobile.page.locator('article[data-seq="1"]').waitFor();
    await mobile.section().waitFor({ state: 'detached' });
  });
});
