// From the sign-in form to a message in a new conversation without a mouse or a finger.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

describe('by keyboard alone', () => {
  let practice, browser, app, page;

  before(async () => {
    practice = await Practice.open('keyboard');
    await practice.addClient({ name: 'Wren Alder', email: 'wren@mail.example' });
    browser = await Browser.open();
    page = await browser.person(practice.server);
    app = new App(page);
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('sign in', async () => {
    await page.goto('/');
    await app.signInForm().waitFor();
    await tabTo('Email');
    await page.keyboard.type(provider.email);
    await tabTo('Password');
    await page.keyboard.type(provider.password);
    await page.keyboard.press('Enter');
    await app.inboxShown();
  });

  test('choose a conversation, write, send', async () => {
    await tabTo(client.name);
    await page.keyboard.press('Enter');
    await app.composer().waitFor();
    await tabTo(/^Message /);
    await page.keyboard.type('Written without a mouse');
    await page.keyboard.press('Control+Enter');
    await app.sees('Written without a mouse');
    await until('it is sent', async () => (await app.stateOf('Written without a mouse')) === 'sent');
  });

  test('Escape leaves the text field and keeps the draft', async () => {
    await page.keyboard.type('kept');
    await page.keyboard.press('Escape');
    assert.equal(await app.composer().evaluate((node) => node === document.activeElement), false);
    assert.equal(await app.composer().inputValue(), 'kept');
    await app.composer().fill('');
  });

  test('N opens a new conversation; choosing somebody makes it, and writing starts it', async () => {
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('n');
    await app.newConversation().waitFor();
    await page.keyboard.type('Wren');
    await app.pickerOption('Wren Alder').waitFor();
    await app.pickerOption(client.name).waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await tabTo('Open conversation');
    await page.keyboard.press('Enter');
    await app.newConversation().waitFor({ state: 'detached' });
    await tabTo(/^Message Wren/);
    await page.keyboard.type('Hello Wren');
    await page.keyboard.press('Control+Enter');
    await app.sees('Hello Wren');
  });

  test('J and K move between conversations, ? lists the shortcuts, Escape closes', async () => {
    await until('what was just written in comes first', async () => /Wren/.test(await app.conversations().first().textContent()));
    await page.evaluate(() => document.activeElement?.blur());
    const before = page.url();
    await page.keyboard.press('j');
    await until('another conversation is open', () => page.url() !== before);
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('k');
    await until('back at the first', () => page.url() === before);
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('Chat Access: select, choose, look at the preview, and back', async () => {
    await page.goto('/access');
    await app.settled();
    await tabTo(`Select ${client.name}`);
    await page.keyboard.press('Space');
    await tabTo('Direct Messaging', 'region');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await tabTo(/Turn off/, 'menu', 'ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nothing has changed yet').waitFor();
    await tabTo(/Turn off for 1 client/, 'dialog');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('Chat Settings: turn a switch, say why, save with the keys of the page', async () => {
    await page.goto(`/clients/${practice.clientId}/chat-settings`);
    await app.settled();
    await tabTo('Allow Community Chat participation', 'dialog');
    await page.keyboard.press('Space');
    await tabTo(/^Reason/, 'dialog');
    await page.keyboard.type('As agreed');
    await tabTo('Save', 'dialog');
    await page.keyboard.press('Control+s');
    await page.getByRole('dialog').getByText('No changes', { exact: true }).waitFor();
    const { community } = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    assert.deepEqual([community.own, community.reason], ['off', 'As agreed']);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('whatever has the focus shows it', async () => {
    const unmarked = [];
    for (const address of ['/', '/access', '/settings/chat/journal-entries', `/clients/${practice.clientId}/chat-settings`]) {
      await page.goto(address);
      await app.settled();
      for (let i = 0; i < 30; i++) {
        await page.keyboard.press('Tab');
        const mark = await page.evaluate(unmarkedFocus);
        if (mark) unmarked.push(`${address}: ${mark}`);
      }
    }
    assert.deepEqual(unmarked, []);
  });

  // Runs in the page: what has the focus, where nothing shows that it has.
  function unmarkedFocus() {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    // A control without a look of its own is drawn by what stands behind it.
    const drawn = getComputedStyle(node).opacity === '0' ? [node.nextElementSibling] : [];
    const near = [node, ...drawn, ...node.querySelectorAll('*'), node.parentElement];
    const shown = near.map((n) => getComputedStyle(n)).some((s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none');
    return shown ? null : node.outerHTML.slice(0, 160);
  }

  // Presses Tab until something of that accessible name has the focus, within a role where one is given; a bound
  // keeps a trap from hanging the test.
  async function tabTo(name, within = null, key = 'Tab') {
    const matches = (text) => (name instanceof RegExp ? name.test(text) : text.includes(name));
    const inside = () => page.evaluate((role) => !role || document.activeElement.closest(`[role="${role}"]`) !== null, within);
    for (let i = 0; i < 60; i++) {
      if ((await inside()) && matches(await focusedName())) return;
      await page.keyboard.press(key);
    }
    throw new Error(`Tab never reached ${name}; it stands on: ${await focusedName()}`);
  }

  function focusedName() {
    return page.evaluate(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return '';
      const by = node.getAttribute('aria-labelledby');
      const labelled = by ? by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ') : '';
      const label = node.labels?.length ? [...node.labels].map((l) => l.textContent).join(' ') : '';
      return node.getAttribute('aria-label') || labelled || label || node.textContent || '';
    });
  }
});
