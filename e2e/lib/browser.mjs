// Real Chromium, driven by playwright-core. Packages come from the web app's own node_modules, so that the
// browser tests need no installation of their own.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { out } from './server.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const images = new URL('../../docs/images/', import.meta.url).pathname;

export const desktop = { name: 'desktop', viewport: { width: 1440, height: 900 } };
export const tablet = { name: 'tablet', viewport: { width: 1024, height: 768 }, hasTouch: true };
export const phone = { name: 'phone', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
export const narrow = { name: 'narrow phone', viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

const flags = [
  '--no-sandbox', '--headless', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic', '--window-size=1440,900',
];

export class Browser {
  static async open() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
    return browser;
  }

  // A person at a device: an own cookie jar, and a page whose complaints are kept in page.complaints. Without the
  // service worker unless a test is about it: what a page asks for through one cannot be held up or refused by the test.
  async person(server, { device = desktop, theme = 'light', worker = false } = {}) {
    const { name, ...shape } = device;
    const context = await this.chromium.newContext({
      ...shape,
      baseURL: server.url,
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-US',
      timezoneId: 'America/Los_Angeles',
    });
    if (!worker) await context.addInitScript(() => delete Navigator.prototype.serviceWorker); // as in a browser that has none
    context.setDefaultTimeout(15_000);
    context.setDefaultNavigationTimeout(20_000);
    const page = await context.newPage();
    page.complaints = [];
    page.device = name;
    page.on('pageerror', (error) => page.complaints.push(String(error)));
    page.on('console', (message) => {
      // A page that asks who is signed in, and learns that nobody is, has done nothing wrong.
      const expected = message.text().includes('401') && message.location().url.endsWith('/api/v1/me');
      if (message.type() === 'error' && !expected) page.complaints.push(message.text());
    });
    return page;
  }

  // Leaves a picture of every page that is still open: where a test failed, it shows what was there.
  async close() {
    mkdirSync(out, { recursive: true });
    const test = basename(process.argv[1] ?? 'test', '.test.mjs');
    const pages = this.chromium.contexts().flatMap((context) => context.pages());
    for (const [i, page] of pages.entries()) {
      await page.screenshot({ path: join(out, `last-${test}-${i + 1}.png`), timeout: 5_000 }).catch(() => {});
    }
    await this.chromium.close();
  }
}

// Keeps a picture in e2e/out; with UPDATE_SCREENSHOTS=1 the ones for the docs are renewed too.
export async function picture(page, name, { docs = false } = {}) {
  mkdirSync(out, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(out, `${name}.png`) });
  if (docs && process.env.UPDATE_SCREENSHOTS === '1') {
    mkdirSync(images, { recursive: true });
    await page.screenshot({ path: join(images, `${name}.png`) });
  }
}
