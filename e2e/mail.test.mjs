// Invitations and password resets by real mail over SMTP.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { assertReadable } from './lib/axe.mjs';
import { Browser, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { Practice, owner, password } from './lib/practice.mjs';
import { Mailbox, readable } from './lib/smtp.mjs';
import { until } from './lib/wait.mjs';

describe('mail', () => {
  let practice, browser, mailbox;
  const wren = 'wren@mail.example';

  before(async () => {
    mailbox = await Mailbox.open();
    practice = await Practice.open('mail', { env: { HEARTH_SMTP_URL: mailbox.url, HEARTH_MAIL_FROM: 'hearth@maplecourt.example' } });
    browser = await Browser.open();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
    await mailbox?.close();
  });

  async function linkFor(address, kind) {
    const mail = await until(`mail for ${address}`, () => mailbox.mails.find((m) => m.to.includes(address) && readable(m.text).includes(`/${kind}#`)), 30_000);
    return { mail, link: readable(mail.text).match(new RegExp(`${practice.server.url}/${kind}#[\\w.~-]+`))[0] };
  }

  test('an invited client gets a link by mail, chooses a password, and is in', async () => {
    const added = await practice.addClient({ name: 'Wren Alder', email: wren, password: undefined });
    assert.equal(added.invitation.mailed, true);
    assert.equal(added.invitation.link, null, 'the inviter does not see a link that was mailed');
    const { mail, link } = await linkFor(wren, 'invite');
    assert.equal(mail.from, 'hearth@maplecourt.example');
    assert.match(mail.text, /^Subject:/im);
    assert.ok(!mail.text.includes('Wren'), 'a mail greets nobody by name');

    const app = new App(await browser.person(practice.server, { device: phone }));
    await app.page.goto(link);
    await app.choosePassword(password);
    await app.inboxShown();
    await app.page.context().close();
  });

  test('a forgotten password is replaced by a mailed link; the old one and old sessions end', async () => {
    const session = await practice.signIn(wren);
    const app = new App(await browser.person(practice.server, { device: phone }));
    await app.page.goto('/');
    await app.askForReset(wren);
    const { link } = await linkFor(wren, 'reset');
    await app.page.goto(link);
    await app.choosePassword('a new and better one');
    const anyone = new Api(practice.server.url);
    await until('the old session ended', async () => (await session.raw('GET', '/me')).status === 401);
    assert.equal((await anyone.raw('POST', '/sessions', { email: wren, password })).status, 401);
    assert.equal((await anyone.raw('POST', '/sessions', { email: wren, password: 'a new and better one' })).status, 201);
    await app.page.context().close();
  });

  test('asking for an unknown address answers the same and mails nobody', async () => {
    const anyone = new Api(practice.server.url);
    const before = mailbox.mails.length;
    const known = await anyone.raw('POST', '/password-resets', { email: 'rowan@maplecourt.example' });
    const unknown = await anyone.raw('POST', '/password-resets', { email: 'nobody@mail.example' });
    assert.deepEqual(unknown, known);
    assert.equal(known.status, 202);
    await linkFor('rowan@maplecourt.example', 'reset');
    assert.equal(mailbox.mails.length, before + 1);
    assert.ok(!mailbox.mails.some((m) => m.to.includes('nobody@mail.example')));
  });

  test('the owner gives the practice a colour, sees what it does, and invitations carry it', async () => {
    const app = new App(await browser.person(practice.server, { device: phone }));
    const { page } = app;
    await app.signIn(owner);
    await page.goto('/settings');
    const hex = page.getByRole('textbox', { name: 'Colour as # and six digits' });
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await hex.fill('crimson');
    await page.getByText('This is no colour.').waitFor();
    await save.click();
    assert.equal(await hex.evaluate((el) => el === document.activeElement), true, 'saving leads to what is wrong');
    await hex.fill('A3245B');
    await page.getByText('White words on it, contrast 7.1 to 1.').waitFor();
    assert.equal(await page.getByLabel('Pick the colour').inputValue(), '#a3245b');
    await save.click();
    await page.getByText('No changes').waitFor();
    assert.equal((await practice.owner.get('/organization')).colour, '#a3245b');

    await practice.addClient({ name: 'Fern Moss', email: 'fern@mail.example', password: undefined });
    const { mail } = await linkFor('fern@mail.example', 'invite');
    const html = readable(mail.text);
    await looksRight(html.slice(html.indexOf('<!doctype html>')));

    await page.reload();
    await page.getByRole('button', { name: 'Use Hearth’s colour' }).click();
    await save.click();
    await page.getByText('No changes').waitFor();
    assert.equal((await practice.owner.get('/organization')).colour, null);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  // A mail as programs show it, in the light and in the dark: the colour is there, and axe finds every word readable.
  async function looksRight(html) {
    for (const theme of ['light', 'dark']) {
      const page = await browser.person(practice.server, { device: phone, theme });
      await page.setContent(html);
      const ground = (words) => page.getByText(words, { exact: true }).last().evaluate((el) => getComputedStyle(el).backgroundColor);
      assert.equal(await ground(owner.organization), 'rgb(163, 36, 91)');
      assert.equal(await ground('Open my account'), 'rgb(163, 36, 91)');
      await assertReadable(page, `an invitation, ${theme}`);
      await page.context().close();
    }
  }
});
