// Settings > Webhooks: another program on this machine is told what happens, and checks the signatures itself.
import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { owner, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

// A program that receives webhooks; status is what it answers.
class Receiver {
  static async open() {
    const receiver = new Receiver();
    receiver.status = 204;
    receiver.calls = [];
    receiver.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        receiver.calls.push({ headers: request.headers, body });
        response.writeHead(receiver.status).end();
      });
    });
    await new Promise((done) => receiver.server.listen(0, '127.0.0.1', done));
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/in`;
    return receiver;
  }

  of(type) {
    return this.calls.filter((c) => JSON.parse(c.body).type === type);
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

// As the guide for those who write such a program shows it.
function genuine(secret, { headers, body }) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = createHmac('sha256', key).update(signed).digest();
  const fresh = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 300;
  return fresh && headers['webhook-signature'].split(' ').some((one) => {
    const [version, value] = one.split(',');
    const given = Buffer.from(value ?? '', 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

for (const device of [desktop, phone]) {
  describe(`webhooks on a ${device.name}`, () => {
    let practice, browser, app, page, receiver, secret;

    before(async () => {
      receiver = await Receiver.open();
      practice = await Practice.open(`webhooks-${device.name}`, { env: { HEARTH_ALLOW_PRIVATE_TARGETS: '127.0.0.1/32' } });
      browser = await Browser.open();
      app = new App(await browser.person(practice.server, { device, theme: device === phone ? 'dark' : 'light' }));
      page = app.page;
      await app.signIn(owner);
    });

    after(async () => {
      await browser?.close();
      await practice?.close();
      receiver?.close();
    });

    const dialog = (name) => page.getByRole(/secret|Delete/.test(name) ? 'alertdialog' : 'dialog', { name });
    const button = (name) => page.getByRole('button', { name, exact: true });
    const rows = () => page.locator('[data-delivery-id]');

    test('where there is none the page says what one is; a bad address is named', async () => {
      await page.goto('/settings/webhooks');
      await page.getByRole('heading', { name: 'No webhooks yet.' }).waitFor();
      await assertAccessible(page, 'no webhooks');
      await app.fitsWidth();
      await button('New webhook').click();
      const open = dialog('New webhook');
      await open.getByLabel('Address').fill('https://10.0.0.1/in');
      assert.ok(await open.getByRole('button', { name: 'Add webhook' }).isDisabled(), 'no event is chosen');
      await open.getByLabel('Message sent').check();
      await open.getByRole('button', { name: 'Add webhook' }).click();
      await open.getByText('The address is in a private network').waitFor();
      await assertAccessible(page, 'a refused address');
    });

    test('a new one shows its secret once', async () => {
      const open = dialog('New webhook');
      await open.getByLabel('Address').fill(receiver.url);
      await open.getByLabel('Description').fill('Care records');
      await open.getByLabel('Conversation closed').check();
      await open.getByLabel('Description').press('Enter');
      const shown = dialog('Signing secret');
      await shown.waitFor();
      secret = await shown.getByRole('textbox', { name: 'Signing secret' }).inputValue();
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
      await assertAccessible(page, 'the secret');
      await app.fitsWidth();
      await shown.getByRole('button', { name: 'I have put it away' }).click();
      await page.getByRole('heading', { name: 'Care records', level: 1 }).waitFor();
      await page.getByText('Nothing was sent yet.').waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Care records', level: 1 }).waitFor();
      assert.ok(!(await page.content()).includes(secret.slice(6)), 'it is shown again');
    });

    test('what happens arrives, signed, with ids and without words', async () => {
      await practice.provider.send(practice.conversation, 'A canary that stays in Hearth');
      await until('the webhook is called', () => receiver.of('message.created').length === 1);
      const [call] = receiver.of('message.created');
      assert.ok(genuine(secret, call), 'the signature is right');
      assert.deepEqual(JSON.parse(call.body).data, { conversation_id: practice.conversation, seq: 1 });
      for (const word of ['canary', provider.name, owner.organization]) assert.ok(!JSON.stringify(call).includes(word), word);
      await page.reload();
      await rows().filter({ hasText: 'Message sent' }).filter({ hasText: 'Answered 204' }).waitFor();
    });

    test('a test says how it was answered, and a delivery can be sent again', async () => {
      await button('Send a test').click();
      await page.getByText('It works.').waitFor();
      receiver.status = 500;
      await button('Send a test').click();
      await page.getByText('The test failed.').waitFor();
      await page.getByText('Answered 500. A success is an answer from 200 to 299.').waitFor();
      await assertAccessible(page, 'a failed test');
      await app.fitsWidth();
      await picture(page, 'webhook', { docs: device === desktop });
      receiver.status = 204;
      const before = receiver.of('message.created');
      await rows().filter({ hasText: 'Message sent' }).getByRole('button', { name: /Send again/ }).click();
      await until('it came again', () => receiver.of('message.created').length === before.length + 1);
      const [first, second] = receiver.of('message.created');
      assert.equal(first.headers['webhook-id'], second.headers['webhook-id']);
      await page.getByRole('radio', { name: 'Failed' }).check({ force: true });
      await until('the failed ones alone', async () => (await rows().count()) === 1);
    });

    test('a new secret signs beside the old one', async () => {
      await button('New secret').click();
      await page.getByRole('alertdialog', { name: 'Make a new secret?' }).getByRole('button', { name: 'Make a new secret' }).click();
      const shown = dialog('Signing secret');
      const fresh = await shown.getByRole('textbox', { name: 'Signing secret' }).inputValue();
      await shown.getByRole('button', { name: 'I have put it away' }).click();
      assert.notEqual(fresh, secret);
      await button('Send a test').click();
      await page.getByText('It works.').waitFor();
      const call = receiver.calls.at(-1);
      assert.ok(genuine(secret, call) && genuine(fresh, call), 'both secrets are right');
    });

    test('410 switches it off; the page says what to do, and it goes on with what waits', async () => {
      receiver.status = 410;
      await button('Send a test').click();
      await page.getByText('Hearth switched this webhook off.').waitFor();
      await assertAccessible(page, 'a webhook that was switched off');
      receiver.status = 204;
      await button('Switch on').click();
      await page.getByText('Hearth switched this webhook off.').waitFor({ state: 'hidden' });
      await practice.owner.post(`/conversations/${practice.conversation}/close`);
      await until('it is told', () => receiver.of('conversation.closed').length === 1);
      await page.goto('/settings/webhooks');
      await page.getByRole('list', { name: 'All webhooks' }).getByText('Delivered').waitFor();
      await assertAccessible(page, 'the list of webhooks');
      await app.fitsWidth();
      await picture(page, 'webhooks', { docs: device === desktop });
    });

    test('edited and deleted', async () => {
      await page.getByRole('link', { name: 'Care records' }).click();
      await button('Edit').click();
      const open = dialog('Edit webhook');
      await open.getByLabel('Message blast finished').check();
      await open.getByRole('button', { name: 'Save webhook' }).click();
      await page.getByText('Message sent, Conversation closed, Message blast finished').waitFor();
      await button('Delete').click();
      await page.getByRole('alertdialog', { name: 'Delete Care records?' }).getByRole('button', { name: 'Delete webhook' }).click();
      await page.getByRole('heading', { name: 'No webhooks yet.' }).waitFor();
      const audit = await practice.owner.get('/audit?limit=50');
      const acts = audit.items.map((row) => row.action).filter((action) => action.startsWith('webhook.'));
      for (const action of ['created', 'changed', 'tested', 'replayed', 'secret_changed', 'disabled', 'deleted']) assert.ok(acts.includes(`webhook.${action}`), action);
      assert.ok(!JSON.stringify(audit).includes(receiver.url), 'the record does not say where it leads');
      const refused = page.complaints.filter((c) => !c.includes('422'));
      assert.deepEqual(refused, [], 'the page complains');
    });
  });
}
