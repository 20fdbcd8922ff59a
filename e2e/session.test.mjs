// Signing in and out, wrong passwords, sessions that end elsewhere.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, phone } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

describe('signing in and out', () => {
  let practice, browser;

  before(async () => {
    practice = await Practice.open('session');
    browser = await Browser.open();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('a wrong password is answered with words, the same for an unknown address', async () => {
    const app = new App(await browser.person(practice.server));
    const said = [];
    for (const email of [client.email, 'nobody@mail.example']) {
      await app.page.goto('/');
      await app.trySignIn({ email, password: 'not the password' });
      said.push(await app.alert().innerText());
    }
    assert.equal(said[0], said[1]);
    assert.ok(said[0].length > 10);
    await app.page.context().close();
  });

  test('the address of a page leads there after signing in', async () => {
    const app = new App(await browser.person(practice.server));
    await app.page.goto(`/inbox/${practice.conversation}`);
    await app.trySignIn(provider);
    await app.composer().waitFor();
    assert.ok(app.page.url().endsWith(practice.conversation));
    await app.page.context().close();
  });

  test('the cookie is out of reach of scripts', async () => {
    const app = new App(await browser.person(practice.server));
    await app.signIn(provider);
    const [cookie] = await app.page.context().cookies();
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'Lax');
    assert.equal(await app.page.evaluate(() => document.cookie), '');
    assert.equal(await app.page.evaluate(() => localStorage.length + sessionStorage.length), 0, 'nothing is kept on the device');
    await app.page.context().close();
  });

  test('signing out ends the session on the server, and Back shows nothing', async () => {
    const app = new App(await browser.person(practice.server, { device: phone }));
    await app.signIn(client);
    await app.open(provider.name);
    await app.write('Private words');
    const [cookie] = await app.page.context().cookies();
    await app.signOut();
    const answer = await fetch(`${practice.server.url}/api/v1/me`, { headers: { cookie: `${cookie.name}=${cookie.value}` } });
    assert.equal(answer.status, 401);
    await app.page.goBack();
    await app.signInForm().waitFor();
    assert.equal(await app.page.getByText('Private words').count(), 0);
    await app.page.context().close();
  });

  test('a password changed on one device ends the session on the other at once', async () => {
    const mail = 'sorrel@maplecourt.example';
    await practice.addStaff({ name: 'Sorrel Finch', email: mail });
    const app = new App(await browser.person(practice.server));
    await app.signIn({ email: mail, password: client.password });
    const elsewhere = await practice.signIn(mail);
    await elsewhere.post('/me/password', { current_password: client.password, password: 'an entirely new one' });
    await app.signInForm().waitFor();
    await app.trySignIn({ email: mail, password: 'an entirely new one' });
    await app.inboxShown();
    await app.page.context().close();
  });

  test('somebody who left the team is out at once', async () => {
    const mail = 'larch@maplecourt.example';
    const { id } = await practice.addStaff({ name: 'Larch Moor', email: mail });
    const app = new App(await browser.person(practice.server));
    await app.signIn({ email: mail, password: client.password });
    await practice.owner.patch(`/staff/${id}`, { active: false });
    await app.signInForm().waitFor();
    await app.trySignIn({ email: mail, password: client.password });
    await app.alert().waitFor();
    await app.page.context().close();
  });
});

describe('guessing passwords', () => {
  test('after some failures the account is closed for a while, also for the right password', async () => {
    const practice = await Practice.open('guessing', { env: { HEARTH_RATE_LIMITS: 'on' } });
    try {
      const { Api } = await import('./lib/api.mjs');
      const anyone = new Api(practice.server.url);
      const answers = [];
      await until('the account is locked', async () => {
        const { status, body } = await anyone.raw('POST', '/sessions', { email: client.email, password: `guess ${answers.length}` });
        answers.push(status);
        if (answers.length > 40) throw Object.assign(new Error(`never locked: ${answers}`), { final: true });
        return status === 429 && body.code === 'rate_limited';
      }, 60_000, 0);
      assert.ok(answers.slice(0, 3).every((status) => status === 401), `answers ${answers}`);
      const right = await anyone.raw('POST', '/sessions', { email: client.email, password: client.password });
      assert.equal(right.status, 429);
    } finally {
      await practice.close();
    }
  });
});
