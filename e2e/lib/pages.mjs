// What people do on Hearth's pages, in their words. Everything that knows how a page is made stands here;
// the tests speak of signing in, opening and writing. Things are found by role and name, as a screen reader
// would, and by the data attributes that web/README.md promises.
import assert from 'node:assert/strict';
import { until } from './wait.mjs';

export class App {
  constructor(page) {
    this.page = page;
  }

  get small() {
    return this.page.viewportSize().width <= 760;
  }

  // Signing in and out.

  signInForm() {
    return this.page.getByRole('heading', { name: 'Sign in', level: 1 });
  }

  async trySignIn({ email, password }) {
    await this.page.getByLabel('Email').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  async signIn(person) {
    await this.page.goto('/');
    await this.trySignIn(person);
    await this.inboxShown();
  }

  async signOut() {
    await this.page.goto('/account');
    await this.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await this.signInForm().waitFor();
  }

  async chooseFromSheet(name) {
    await this.page.getByRole('button', { name }).click();
  }

  async choosePassword(password) {
    await this.page.getByLabel(/^(New password|Password)$/).fill(password);
    await this.page.locator('form').getByRole('button').last().click();
  }

  async askForReset(email) {
    await this.page.getByRole('link', { name: 'Forgot it?' }).click();
    await this.page.getByLabel('Email').fill(email);
    await this.page.locator('form').getByRole('button').last().click();
    await this.page.getByText(/mail/i).first().waitFor();
  }

  alert() {
    return this.page.getByRole('alert').first();
  }

  async fillFirstRun({ organization, name, email, password }) {
    await this.page.getByLabel('Practice name').fill(organization);
    await this.page.getByLabel('Your name').fill(name);
    await this.page.getByLabel('Email').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
  }

  async submitFirstRun() {
    await this.page.getByRole('button', { name: 'Set up Hearth' }).click();
  }

  // Getting around.

  main() {
    return this.page.locator('#main');
  }

  navigation() {
    return this.page.getByRole('navigation', { name: 'Main' });
  }

  async areas() {
    await this.navigation().waitFor();
    const labels = await this.navigation().getByRole('link').allInnerTexts();
    return labels.map((text) => text.split('\n').find((line) => /^[A-Z][a-z]/.test(line))).filter(Boolean);
  }

  async offers(area) {
    return (await this.areas()).includes(area);
  }

  async goto(area) {
    await this.navigation().getByRole('link', { name: new RegExp(`^${area}\\b`) }).click();
    await this.settled();
  }

  // No request is under way and nothing says that it is loading.
  async settled() {
    await this.page.waitForLoadState('networkidle');
    await until('nothing is loading', async () => (await this.page.locator('[aria-busy="true"]').count()) === 0);
  }

  async fitsWidth() {
    return this.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  }

  // What sticks out of the window to the right and can not be scrolled to: a strip of links may be wider, and
  // what is only read out has no place.
  stickingOut() {
    return this.page.evaluate(() => {
      const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && !hidden(node);
      const hidden = (node) => node && (getComputedStyle(node).clipPath !== 'none' || hidden(node.parentElement));
      const strip = (node) => node && (/auto|scroll/.test(getComputedStyle(node).overflowX) && node.tagName === 'NAV' || strip(node.parentElement));
      return [...document.querySelectorAll('body *')]
        .filter((node) => node.getBoundingClientRect().right > window.innerWidth + 1 && shown(node) && !strip(node))
        .map((node) => node.outerHTML.slice(0, 120));
    });
  }

  offlineNotice() {
    return this.page.getByText(/you’re offline/i).first();
  }

  // The inbox.

  async inboxShown() {
    await this.page.getByRole('region', { name: 'Conversations' }).waitFor();
    await this.settled();
  }

  conversations() {
    return this.page.locator('a[data-conversation-id]');
  }

  conversation(name) {
    return this.conversations().filter({ hasText: name }).first();
  }

  conversationName(name) {
    return this.conversation(name).evaluate((node) => node.textContent);
  }

  async open(name) {
    await this.conversation(name).click();
    await this.composer().waitFor();
  }

  async leaveThread() {
    await this.page.goto('/inbox');
    await this.inboxShown();
  }

  // The thread.

  composer() {
    return this.page.getByRole('textbox', { name: /message/i }).last();
  }

  sendButton() {
    return this.page.getByRole('button', { name: 'Send', exact: true });
  }

  async sendDisabled() {
    return (await this.sendButton().isDisabled()) || (await this.sendButton().getAttribute('aria-disabled')) === 'true';
  }

  // Types as a person does, key by key, so that typing is noticed.
  async type(text) {
    await this.composer().fill('');
    await this.composer().pressSequentially(text, { delay: 15 });
  }

  // Goes on typing, as a person would, until something is seen elsewhere. A page tells of typing every few
  // seconds, not at every key.
  async typeUntil(seen) {
    await this.composer().fill('');
    await until('typing is seen', async () => {
      await this.composer().pressSequentially('so ', { delay: 30 });
      return seen.isVisible();
    }, 10_000);
  }

  async write(text, { wait = true } = {}) {
    await this.composer().fill(text);
    await this.composer().press('Control+Enter');
    if (wait) await this.sees(text.split('\n').at(-1));
  }

  bubbles() {
    return this.page.locator('article[data-message-id]');
  }

  // Every bubble in the page, top to bottom: {text, state, own, seq}.
  messages() {
    return this.bubbles().evaluateAll((nodes) => nodes.map((node) => {
      const body = node.querySelector('[data-body]') ?? node;
      const receipt = node.textContent;
      const waiting = node.dataset.state === 'pending' && receipt.includes('Waiting to send');
      return {
        text: body.textContent,
        state: waiting ? 'waiting' : node.dataset.state,
        own: (node.getAttribute('aria-label') ?? '').startsWith('You,'),
        seq: Number(node.dataset.seq ?? 0),
      };
    }));
  }

  log() {
    return this.page.getByRole('log');
  }

  // The whole thread, oldest first. A long one is in the page only where it is looked at, so this reads it
  // from top to bottom as a person would, and goes back to the end.
  async history() {
    const found = new Map();
    const collect = async () => {
      const ids = await this.bubbles().evaluateAll((nodes) => nodes.map((node) => node.dataset.messageId));
      (await this.messages()).forEach((message, i) => found.set(ids[i], message));
    };
    const scroll = (to) => this.log().evaluate((node, where) => {
      node.scrollTop = where === 'start' ? 0 : Math.min(node.scrollTop + node.clientHeight * 0.8, node.scrollHeight);
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(node.scrollTop + node.clientHeight >= node.scrollHeight - 2))));
    }, to);
    await scroll('start');
    await collect();
    for (let steps = 0, end = false; !end && steps < 200; steps++) {
      end = await scroll('on');
      await collect();
    }
    const list = [...found.values()];
    return [...list.filter((m) => m.seq > 0).sort((a, b) => a.seq - b.seq), ...list.filter((m) => !m.seq)];
  }

  async stateOf(text) {
    return (await this.messages()).find((message) => message.text === text)?.state;
  }

  async sees(text) {
    await this.bubbles().filter({ hasText: text }).first().waitFor();
  }

  async allSent(count) {
    await until(`${count} of one’s own are sent`, async () => {
      const own = (await this.messages()).filter((message) => message.own);
      return own.length >= count && own.every((message) => message.state === 'sent');
    });
  }

  typing() {
    return this.page.getByText(/ is typing/).first();
  }

  async tryAgain(text) {
    await this.bubbles().filter({ hasText: text }).getByRole('button', { name: 'Try again' }).click();
  }

  // Starting a conversation.

  newConversation() {
    return this.page.getByRole('dialog', { name: /new (conversation|message)/i });
  }

  async openNewConversation() {
    await this.page.getByRole('button', { name: /^New/ }).first().click();
    await this.newConversation().waitFor();
  }

  pickerOption(name) {
    return this.page.getByRole('option', { name: new RegExp(name) }).first();
  }

  // Clients.

  clientRows() {
    return this.page.getByRole('table', { name: 'Clients' }).locator('[role="row"][data-index]');
  }

  clientRow(name) {
    return this.clientRows().filter({ hasText: name });
  }

  async searchClients(text) {
    const field = this.page.getByRole('searchbox', { name: /search/i });
    await field.fill(text);
    await until('the address knows the search', () => (new URL(this.page.url()).searchParams.get('q') ?? '') === text);
    await this.settled();
  }

  async filterClients(label, choice) {
    const field = this.page.getByRole('combobox', { name: label });
    const options = await field.locator('option').allInnerTexts();
    const wanted = options.find((option) => (choice instanceof RegExp ? choice.test(option) : option.includes(choice)));
    assert.ok(wanted, `${label} offers ${options.join(', ')}`);
    await field.selectOption({ label: wanted });
    await this.settled();
  }

  async scrollClients() {
    const last = this.clientRows().last();
    await last.scrollIntoViewIfNeeded();
    await last.hover();
    await this.page.mouse.wheel(0, 4000);
  }

  async openClient(name) {
    await this.page.getByRole('link', { name, exact: true }).click();
  }

  // Adds a client through the form and answers the link that is shown to hand over.
  async addClient({ name, email, provider }) {
    await this.goto('Clients');
    await this.page.getByRole('button', { name: /add/i }).first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel(/email/i).fill(email);
    await dialog.getByLabel('Primary provider').selectOption({ label: provider });
    await dialog.getByRole('button', { name: /^add/i }).click();
    const link = this.page.getByRole('textbox', { name: /link/i });
    await link.waitFor();
    const value = await link.inputValue();
    await this.page.keyboard.press('Escape');
    return value;
  }
}
