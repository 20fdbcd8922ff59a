// What people do with notifications, in their words; used with App of pages.mjs.
import { until } from './wait.mjs';

export class Notifications {
  constructor(app) {
    this.app = app;
    this.page = app.page;
  }

  bell() {
    return this.page.getByRole('button', { name: /^Notifications/ });
  }

  // Waits until the bell says how many are unread.
  async unread(count) {
    const name = count === 0 ? 'Notifications' : `Notifications, ${count} unread`;
    await this.page.getByRole('button', { name, exact: true }).waitFor();
  }

  async open() {
    await this.bell().click();
    await this.panel().waitFor();
    return this.panel();
  }

  panel() {
    return this.page.getByRole('dialog', { name: 'Notifications' });
  }

  lines() {
    return this.panel().getByRole('list', { name: 'Notifications' }).getByRole('link');
  }

  toasts() {
    return this.page.getByRole('region', { name: 'New notifications' }).locator('[data-notice-id]');
  }

  toast(title) {
    return this.toasts().filter({ hasText: title });
  }

  async settings() {
    await this.page.goto('/settings/notifications');
    await this.page.getByRole('switch', { name: 'Keep quiet hours' }).waitFor();
    await this.app.settled();
  }

  async save() {
    await this.page.getByRole('button', { name: 'Save', exact: true }).click();
    await this.page.getByText('No changes').waitFor();
  }

  // How the tab's icon stands: "plain", or "counted" where a number was drawn on it.
  icon() {
    return this.page.evaluate(() => {
      const links = [...document.querySelectorAll('link[rel="icon"]')];
      return links.every((link) => link.href.startsWith('blob:')) ? 'counted' : links.some((link) => link.href.startsWith('blob:')) ? 'mixed' : 'plain';
    });
  }

  async titled(pattern) {
    await until(`the title is ${pattern}`, async () => pattern.test(await this.page.title()));
  }

  // Which of the things given are under something else: a press in their middle or near a corner would hit that.
  async covered(things) {
    const hidden = [];
    for (const [name, locator] of things) if (!(await locator.evaluate(pressable))) hidden.push(name);
    return hidden;
  }
}

function pressable(node) {
  const { left, right, top, bottom } = node.getBoundingClientRect();
  const inset = 6;
  const points = [[left + inset, top + inset], [right - inset, top + inset], [left + inset, bottom - inset], [right - inset, bottom - inset], [(left + right) / 2, (top + bottom) / 2]];
  return points.every(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return node.contains(hit) || hit?.contains(node);
  });
}

// Counts what a page plays, before any of its scripts run: one for each time, however many tones it has.
export function countSounds(context) {
  return context.addInitScript(() => {
    window.rings = 0;
    let last = -1_000;
    const Tone = window.OscillatorNode;
    window.OscillatorNode = class extends Tone {
      constructor(...args) {
        super(...args);
        if (performance.now() - last > 200) window.rings += 1;
        last = performance.now();
      }
    };
  });
}

export const rings = (page) => page.evaluate(() => window.rings);
