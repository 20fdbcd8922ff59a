// What somebody is writing stays: its text, what it answers and its files, through a reload and on all devices.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { named, pdf, png } from './lib/samples.mjs';
import { until } from './lib/wait.mjs';

class Writing extends App {
  quote() {
    return this.page.getByRole('form', { name: 'Write a message' }).getByText('How much coconut?');
  }

  files() {
    return this.page.locator('li[data-upload="stored"] b').allInnerTexts();
  }

  async holds(text, files, answers) {
    await until(`the composer holds “${text}”, ${files.join(' and ') || 'no file'} and ${answers ? 'an' : 'no'} answer`, async () =>
      (await this.composer().inputValue()) === text &&
      (await this.files()).join() === files.join() &&
      (await this.quote().count()) === (answers ? 1 : 0));
  }
}

describe('drafts', () => {
  let practice, browser, desk, mobile, asked;

  before(async () => {
    practice = await Practice.open('drafts');
    asked = await practice.client.send(practice.conversation, 'How much coconut?');
    browser = await Browser.open();
    desk = new Writing(await browser.person(practice.server));
    await desk.signIn(provider);
    await desk.open(client.name);
    mobile = new Writing(await browser.person(practice.server, { device: phone }));
    await mobile.signIn(provider);
    await mobile.open(client.name);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  const kept = (what, is) => until(`the server keeps ${what}`, async () => is(await practice.provider.get(`/conversations/${practice.conversation}`)));

  test('keep the text, the answer and the files through a reload', async () => {
    await desk.page.locator(`article[data-message-id="${asked.id}"]`).hover();
    await desk.page.getByRole('button', { name: 'Reply' }).first().click();
    await desk.composer().fill('A spoonful');
    await desk.page.locator('input[data-chooser="files"]').setInputFiles([named('bowl.png', 'image/png', png()), named('plan.pdf', 'application/pdf', pdf())]);
    await desk.holds('A spoonful', ['bowl.png', 'plan.pdf'], true);
    await kept('all of it', (c) => c.draft === 'A spoonful' && c.draft_reply_to === asked.id && c.draft_attachments.length === 2);
    await desk.page.reload();
    await desk.composer().waitFor();
    await desk.holds('A spoonful', ['bowl.png', 'plan.pdf'], true);
  });

  test('are on the other device as they are, and change there as they change here', async () => {
    await mobile.holds('A spoonful', ['bowl.png', 'plan.pdf'], true);
    await mobile.page.getByRole('button', { name: 'Remove bowl.png' }).click();
    await desk.holds('A spoonful', ['plan.pdf'], true);
    await desk.composer().focus();
    await desk.page.keyboard.press('Escape');
    await mobile.holds('A spoonful', ['plan.pdf'], false);
  });

  test('are gone everywhere once they were sent', async () => {
    await desk.page.locator(`article[data-message-id="${asked.id}"]`).hover();
    await desk.page.getByRole('button', { name: 'Reply' }).first().click();
    await mobile.holds('A spoonful', ['plan.pdf'], true);
    await mobile.sendButton().click();
    await desk.holds('', [], false);
    await mobile.holds('', [], false);
    await kept('nothing', (c) => c.draft === '' && c.draft_reply_to === null && c.draft_attachments.length === 0);
    const sent = (await practice.client.thread(practice.conversation)).at(-1);
    assert.equal(sent.reply_to, asked.id);
    assert.deepEqual(sent.attachments.map((a) => a.name), ['plan.pdf']);
  });
});
