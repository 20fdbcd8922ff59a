// What people do with a message, in their words; used with App of pages.mjs.
import { until } from './wait.mjs';

export class Messages {
  constructor(app) {
    this.app = app;
    this.page = app.page;
  }

  bubble(text) {
    return this.app.bubbles().filter({ hasText: text }).first();
  }

  body(text) {
    return this.bubble(text).locator('[data-body]');
  }

  // The menu of a message, by the other mouse button, by keyboard or by a long press.
  async menu(text, how = 'mouse') {
    const bubble = this.bubble(text);
    if (how === 'keyboard') {
      await bubble.focus();
      await this.page.keyboard.press('Shift+F10');
    } else if (how === 'press') await this.press(bubble, 700);
    else await this.body(text).click({ button: 'right' });
    await this.page.getByRole('menu', { name: 'Message' }).waitFor();
  }

  async choose(text, entry, how) {
    await this.menu(text, how);
    await this.page.getByRole('menuitem', { name: entry }).click();
    await this.page.getByRole('menu').waitFor({ state: 'detached' });
  }

  // A finger that stays for a while, or is drawn to the right.
  async press(bubble, ms, dx = 0) {
    const box = await bubble.boundingBox();
    const touch = await this.page.context().newCDPSession(this.page);
    const at = (x) => [{ x, y: box.y + box.height / 2 }];
    const x = box.x + Math.min(120, box.width / 2);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(x) });
    for (let i = 1; dx > 0 && i <= 8; i++) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(x + (dx * i) / 8) });
    await this.page.waitForTimeout(ms);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await touch.detach();
  }

  reaction(text, name) {
    return this.bubble(text).getByRole('group', { name: 'Reactions' }).getByRole('button', { name });
  }

  quote(text) {
    return this.bubble(text).getByRole('button', { name: /^In reply to/ });
  }

  dialog() {
    return this.page.getByRole('dialog').or(this.page.getByRole('alertdialog'));
  }

  // The actions of the open conversation.
  async more(entry) {
    await this.page.getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: entry }).click();
    await this.page.getByRole('menu').waitFor({ state: 'detached' });
  }

  newest() {
    return this.page.getByRole('button', { name: /Newest messages/ });
  }

  // Scrolls the thread to a distance from its top and lets it settle.
  scrollTo(top) {
    return this.app.log().evaluate((node, to) => {
      node.scrollTop = to;
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }, top);
  }

  // The messages that can be seen now: [{seq, top}], top from the top of the thread.
  inSight() {
    return this.app.log().evaluate((node) => {
      const box = node.getBoundingClientRect();
      return [...node.querySelectorAll('article[data-seq]')]
        .map((a) => ({ seq: Number(a.dataset.seq), top: a.getBoundingClientRect().top - box.top, bottom: a.getBoundingClientRect().bottom - box.top }))
        .filter((a) => a.bottom > 0 && a.top < box.height);
    });
  }

  async seesSeq(seq) {
    await until(`message ${seq} is in sight`, async () => (await this.inSight()).some((m) => m.seq === seq));
  }
}
