// Exports: staff with the permission and clients make a file of a conversation, watch it being made and save it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { Messages } from './lib/messages.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { until } from './lib/wait.mjs';

const records = { name: 'Imre Novak', email: 'imre@maplecourt.example' };

// The dialog of exports.
class Exports {
  constructor(app) {
    this.app = app;
    this.page = app.page;
    this.acts = new Messages(app);
  }

  async open() {
    await this.acts.more('Export…');
    await this.dialog().waitFor();
  }

  dialog() {
    return this.page.getByRole('dialog', { name: 'Export this conversation' });
  }

  rows(state) {
    return this.dialog().locator(state ? `li[data-export="${state}"]` : 'li[data-export]');
  }

  async make(format, { attachments = false } = {}) {
    const ready = await this.rows('ready').count();
    await this.dialog().getByRole('radio', { name: format }).check();
    await this.dialog().getByRole('checkbox', { name: /attachments/ }).setChecked(attachments);
    await this.dialog().getByRole('button', { name: 'Export', exact: true }).click();
    await until('it is ready', async () => (await this.rows('ready').count()) === ready + 1, 30_000);
  }

  // Saves the newest file: its name and its bytes.
  async save() {
    const [file] = await Promise.all([
      this.page.waitForEvent('download'),
      this.rows('ready').first().getByRole('link', { name: /^Download/ }).click(),
    ]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  }
}

describe('exports of conversations', () => {
  let practice, browser, desk, staff;

  before(async () => {
    practice = await Practice.open('export');
    await practice.addStaff({ ...records, role: 'provider', permissions: ['organization_inbox', 'export_records', 'read_audit_log'] });
    await practice.provider.send(practice.conversation, 'How was the **first week**?');
    await practice.client.send(practice.conversation, 'Better than I thought <b>really</b>');
    browser = await Browser.open();
    staff = await practice.signIn(records.email);
    desk = new App(await browser.person(practice.server, { device: desktop }));
    await desk.signIn({ ...provider, ...records });
    await desk.page.goto(`/inbox/${practice.conversation}`);
    await desk.page.getByText('How was the').first().waitFor();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('staff with the permission choose a format, see it made and save it', async () => {
    const exports = new Exports(desk);
    await exports.open();
    await assertAccessible(desk.page);
    await exports.make('PDF');
    const pdf = await exports.save();
    assert.match(pdf.name, /^conversation-export-\d{4}-\d\d-\d\d\.pdf$/, 'the name tells nobody’s name');
    assert.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
    assert.match(pdf.bytes.subarray(-6).toString(), /%%EOF/);
    await exports.make('Data (JSON)');
    const json = JSON.parse((await exports.save()).bytes.toString());
    assert.deepEqual(json.messages.map((m) => m.body), ['How was the **first week**?', 'Better than I thought <b>really</b>']);
    await exports.make('Web page', { attachments: true });
    const zip = await exports.save();
    assert.match(zip.name, /\.zip$/);
    assert.equal(zip.bytes.subarray(0, 2).toString(), 'PK');
    assert.equal(await exports.rows().count(), 3);
    await assertAccessible(desk.page);
    await picture(desk.page, 'export', { docs: true });
  });

  test('one is taken away', async () => {
    const exports = new Exports(desk);
    await exports.rows().first().getByRole('button', { name: /^Remove/ }).click();
    await until('two are left', async () => (await exports.rows().count()) === 2);
    assert.equal((await staff.get('/exports')).items.length, 2);
    await desk.page.keyboard.press('Escape');
    await exports.dialog().waitFor({ state: 'detached' });
  });

  test('asking and saving are in the audit log', async () => {
    const rows = (await staff.get(`/audit?subject_id=${practice.conversation}`)).items.map((row) => row.action);
    assert.equal(rows.filter((action) => action === 'conversation.export_requested').length, 3);
    assert.equal(rows.filter((action) => action === 'conversation.export_downloaded').length, 3);
  });

  test('a web page that is opened runs nothing and prints what was said', async () => {
    const made = await staff.post(`/conversations/${practice.conversation}/exports`, { format: 'html' });
    await until('it is ready', async () => (await staff.get(`/exports/${made.id}`)).state === 'ready', 30_000);
    const answer = await fetch(`${practice.server.url}/api/v1/exports/${made.id}/file`, { headers: { authorization: `Bearer ${staff.token}` } });
    assert.match(answer.headers.get('content-disposition'), /^attachment/);
    assert.match(answer.headers.get('cache-control'), /no-store/);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    const page = await (await browser.person(practice.server, { device: desktop })).context().newPage();
    const complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => request.url().startsWith('http') && complaints.push(request.url()));
    await page.setContent(await answer.text());
    assert.equal(await page.locator('article strong').first().textContent(), 'first week');
    assert.equal(await page.getByText('<b>really</b>').count(), 1, 'what looks like HTML is text');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('article').count(), 2);
    assert.deepEqual(complaints, [], 'nothing is fetched and its own style is allowed');
    await page.close();
  });

  test('a provider without the permission finds no such line, and the server refuses', async () => {
    const app = new App(await browser.person(practice.server, { device: desktop }));
    await app.signIn(provider);
    await app.open(client.name);
    await app.page.getByRole('button', { name: 'More actions' }).click();
    await app.page.getByRole('menu').first().waitFor();
    assert.equal(await app.page.getByRole('menuitem', { name: 'Export…' }).count(), 0);
    const answer = await practice.provider.raw('POST', `/conversations/${practice.conversation}/exports`, { format: 'pdf' });
    assert.equal(answer.status, 403);
  });

  test('it survives a kill of the server in the middle', async () => {
    const long = 'a line of many words that fills the pages of a document. '.repeat(60);
    for (let i = 0; i < 120; i++) await practice.provider.send(practice.conversation, long);
    const asked = await staff.post(`/conversations/${practice.conversation}/exports`, { format: 'pdf' });
    await practice.server.kill();
    await practice.server.up();
    await until('it is ready', async () => (await staff.get(`/exports/${asked.id}`)).state === 'ready', 120_000);
    const files = (await staff.get('/exports')).items.filter((e) => e.id === asked.id);
    assert.equal(files.length, 1);
  });

  test('a client exports their own on a phone, also when chat is off', async () => {
    const { version } = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    await practice.owner.put(`/clients/${practice.clientId}/chat-access`, { version, direct: 'off', community: 'off' });
    const app = new App(await browser.person(practice.server, { device: phone }));
    await app.signIn(client);
    await app.conversations().first().click();
    await app.page.getByText('How was the').first().waitFor();
    const exports = new Exports(app);
    await exports.open();
    await exports.make('PDF');
    await assertAccessible(app.page);
    assert.equal((await exports.save()).bytes.subarray(0, 5).toString(), '%PDF-');
    const other = await Api.signIn(practice.server.url, provider.email, provider.password);
    const [mine] = (await practice.client.get('/exports')).items;
    assert.equal((await other.raw('GET', `/exports/${mine.id}`)).status, 404, 'it is the client’s alone');
  });
});
