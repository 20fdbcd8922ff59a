// What people expect of a message: markup, replies, reactions, mentions, edits, deletions, who has read it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { Messages } from './lib/messages.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const wren = { name: 'Wren Alder', email: 'wren@mail.example' };

describe('messages of a community chat', () => {
  let practice, browser, desk, mobile, chat, here, there;

  before(async () => {
    practice = await Practice.open('messages');
    const second = await practice.addClient(wren);
    chat = await practice.provider.post('/conversations', { kind: 'community', member_ids: [practice.clientId, second.id, practice.owner.user.id], subject: 'Steady Plates' });
    browser = await Browser.open();
    desk = new App(await browser.person(practice.server, { device: desktop }));
    mobile = new App(await browser.person(practice.server, { device: phone }));
    here = new Messages(desk);
    there = new Messages(mobile);
    await Promise.all([desk.signIn(provider), mobile.signIn(client)]);
    await Promise.all([desk.open('Steady Plates'), mobile.open('Steady Plates')]);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('light Markdown is shown, HTML and pictures are not, and links lead out safely', async () => {
    await desk.write('**Plan** for *Tuesday*:\n- oats\n- see https://example.org/recipes\n`1 cup` <img src=x onerror=alert(1)> ![no](https://example.org/a.png)', { wait: false });
    const body = there.body('Plan for Tuesday');
    await body.waitFor();
    assert.equal(await body.locator('strong').innerText(), 'Plan');
    assert.equal(await body.locator('em').innerText(), 'Tuesday');
    assert.deepEqual(await body.locator('li').allInnerTexts(), ['oats', 'see https://example.org/recipes']);
    assert.equal(await body.locator('code').innerText(), '1 cup');
    assert.equal(await body.locator('img').count(), 0);
    assert.match(await body.innerText(), /<img src=x/);
    const link = body.getByRole('link', { name: 'https://example.org/recipes' });
    assert.equal(await link.getAttribute('href'), 'https://example.org/recipes');
    assert.match(await link.getAttribute('rel'), /noopener/);
  });

  test('the inbox shows the words without the markup', async () => {
    const line = await desk.conversationName('Steady Plates');
    assert.match(line, /Plan for Tuesday/);
    assert.doesNotMatch(line, /\*/);
  });

  test('a reply quotes what it answers, here and there, and pressing the quote goes to it', async () => {
    await here.choose('Plan for Tuesday', 'Reply');
    await desk.page.getByText(`Reply to ${provider.name}`, { exact: true }).waitFor();
    await desk.write('And bring a bowl.');
    await there.quote('And bring a bowl.').waitFor();
    assert.match(await there.quote('And bring a bowl.').innerText(), new RegExp(provider.name));
    await there.quote('And bring a bowl.').click();
    await until('the address knows the place', () => new URL(mobile.page.url()).searchParams.get('m') !== null);
    await until('the message has the focus', () => mobile.page.evaluate(() => document.activeElement?.textContent.includes('Plan for')));
  });

  test('a sign on a message is seen by all at once, and taken off again', async () => {
    await there.menu('And bring a bowl.', 'press');
    await picture(mobile.page, 'message-menu-phone');
    await mobile.page.getByRole('button', { name: 'Heart' }).click();
    await here.reaction('And bring a bowl.', /^Heart, 1$/).click();
    await there.reaction('And bring a bowl.', 'Heart, 2, including you').click();
    await here.reaction('And bring a bowl.', 'Heart, 1, including you').waitFor();
  });

  test('without a mouse: arrows, + for a sign, R for a reply', async () => {
    await desk.log().focus();
    await desk.page.keyboard.press('ArrowUp');
    await until('the newest has the focus', () => desk.page.evaluate(() => document.activeElement?.textContent.includes('And bring a bowl.')));
    await desk.page.keyboard.press('ArrowUp');
    await desk.page.keyboard.press('+');
    await desk.page.getByRole('dialog', { name: 'Choose an emoji' }).waitFor();
    await desk.page.getByRole('searchbox', { name: 'Find an emoji' }).fill('grin');
    await desk.page.getByRole('button', { name: /^grin happy/ }).click();
    await there.reaction('Plan for Tuesday', '😀, 1').waitFor();
    await here.bubble('Plan for Tuesday').focus();
    await desk.page.keyboard.press('r');
    await until('the field has the focus', () => desk.composer().evaluate((node) => node === document.activeElement));
    await desk.page.keyboard.press('Escape');
    await desk.page.getByText(`Reply to ${provider.name}`, { exact: true }).waitFor({ state: 'detached' });
  });

  test('drawn to the right on a phone, a message is answered', async () => {
    await there.press(there.bubble('And bring a bowl.'), 50, 110);
    await mobile.page.getByText(`Reply to ${provider.name}`, { exact: true }).waitFor();
    await mobile.page.getByRole('button', { name: 'Don’t reply' }).click();
  });

  test('"@" names a member; each reads the name that they may see', async () => {
    await desk.composer().fill('');
    await desk.composer().pressSequentially('Thanks @wre');
    await desk.page.getByRole('option', { name: /Wren Alder/ }).waitFor();
    await picture(desk.page, 'message-mention', { docs: true });
    await desk.page.keyboard.press('Enter');
    assert.equal(await desk.composer().inputValue(), 'Thanks @Wren Alder ');
    await desk.composer().press('Control+Enter');
    await here.body('Thanks @Wren Alder').waitFor();
    await there.body('Thanks @Wren A.').waitFor();
    const [last] = (await practice.provider.thread(chat.id)).slice(-1);
    assert.match(last.body, /^Thanks <@[0-9a-f-]{36}>/);
  });

  test('an edit is marked; the original stays for whoever may read it', async () => {
    await desk.write('Be there at 5');
    await desk.composer().press('ArrowUp');
    await desk.page.getByText('Edit your message').waitFor();
    assert.equal(await desk.composer().inputValue(), 'Be there at 5');
    await desk.composer().fill('Be there at 6');
    await desk.page.getByRole('button', { name: 'Save', exact: true }).click();
    await there.body('Be there at 6').waitFor();
    await there.bubble('Be there at 6').getByText('Edited').waitFor();
    assert.equal(await there.bubble('Be there at 6').getByRole('button', { name: 'Edited' }).count(), 0);
    const boss = new App(await browser.person(practice.server));
    await boss.signIn(owner);
    await boss.open('Steady Plates');
    await new Messages(boss).bubble('Be there at 6').getByRole('button', { name: 'Edited' }).click();
    const dialog = boss.page.getByRole('dialog', { name: 'Earlier versions' });
    await dialog.getByText('Be there at 5').waitFor();
    await assertAccessible(boss.page, 'earlier versions');
    await boss.page.context().close();
  });

  test('a deletion asks first and leaves a mark, also where the message is quoted', async () => {
    await desk.write('Wrong chat, sorry');
    await there.choose('Wrong chat, sorry', 'Reply', 'press');
    await mobile.composer().fill('No harm done');
    await mobile.sendButton().click();
    await here.quote('No harm done').waitFor();
    await here.choose('Wrong chat, sorry', 'Delete', 'keyboard');
    await here.dialog().getByText('This can’t be taken back', { exact: false }).waitFor();
    await assertAccessible(desk.page, 'deleting a message');
    await here.dialog().getByRole('button', { name: 'Delete for everyone' }).click();
    await desk.page.getByText(/This message was deleted at/).waitFor();
    await mobile.page.getByText('This message was deleted').first().waitFor();
    await until('the quote has lost its words', async () => !/Wrong chat/.test(await there.quote('No harm done').innerText()));
    assert.equal(await mobile.log().getByText('Wrong chat, sorry').count(), 0);
  });

  test('who wrote sees how many have read it', async () => {
    await desk.write('Did everyone see this?');
    await mobile.sees('Did everyone see this?');
    await until('one has read it', async () => (await practice.provider.get(`/conversations/${chat.id}/read-by?seq=${await seqOf('Did everyone see this?')}`)).read === 1);
    await desk.page.reload();
    await here.bubble('Did everyone see this?').getByText('Read by 1').waitFor();
  });

  test('staff may remove what a client wrote, with the same question', async () => {
    await mobile.composer().fill('Something that does not belong here');
    await mobile.sendButton().click();
    await here.choose('Something that does not belong here', 'Remove for everyone');
    await here.dialog().getByRole('button', { name: 'Remove for everyone' }).click();
    await until('it is gone there', async () => (await mobile.page.getByText('Something that does not belong here').count()) === 0);
  });

  test('one to three emoji are large; screen readers are told of what comes', async () => {
    await mobile.composer().fill('😊😊');
    await mobile.sendButton().click();
    await here.body('😊😊').waitFor();
    const size = (text) => here.body(text).evaluate((node) => parseFloat(getComputedStyle(node.querySelector('*') ?? node).fontSize) || parseFloat(getComputedStyle(node).fontSize));
    assert.ok((await here.body('😊😊').evaluate((node) => parseFloat(getComputedStyle(node).fontSize))) > 1.8 * (await size('Did everyone see this?')));
    await until('it was said', () => desk.page.locator('[aria-live="polite"]').evaluateAll((nodes) => nodes.some((n) => n.textContent.includes('😊😊'))));
  });

  test('nothing is inaccessible, on both devices', async () => {
    await assertAccessible(desk.page, 'a thread with all of it');
    await assertAccessible(mobile.page, 'a thread with all of it, on a phone');
    await picture(desk.page, 'messages', { docs: true });
    await picture(mobile.page, 'messages-phone', { docs: true });
    assert.ok(await mobile.fitsWidth());
  });

  test('no page complained', () => {
    assert.deepEqual(desk.page.complaints, []);
    assert.deepEqual(mobile.page.complaints, []);
  });

  async function find(body) {
    return (await practice.provider.thread(chat.id)).find((m) => m.body === body);
  }
  const seqOf = async (body) => (await find(body)).seq;
});
