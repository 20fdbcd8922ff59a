// A provider at a desk and their client on a phone, both signed in, with their conversation open.
import { Browser, desktop, phone } from './browser.mjs';
import { App } from './pages.mjs';
import { client, Practice, provider } from './practice.mjs';

export class Pair {
  // `device` is what the provider sits at; `prepare(practice)` runs before anybody signs in.
  static async open(name, { device = desktop, prepare, ...options } = {}) {
    const pair = new Pair();
    try {
      pair.practice = await Practice.open(name, options);
      await prepare?.(pair.practice);
      pair.browser = await Browser.open();
      pair.desk = await pair.#person(provider, client, device);
      pair.mobile = await pair.#person(client, provider, phone);
    } catch (error) {
      await pair.close();
      throw error;
    }
    return pair;
  }

  async #person(who, other, device) {
    const app = new App(await this.browser.person(this.practice.server, { device }));
    await app.signIn(who);
    await app.open(other.name);
    return app;
  }

  async close() {
    await this.browser?.close();
    await this.practice?.close();
  }
}
