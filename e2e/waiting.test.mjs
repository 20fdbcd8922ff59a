// Who waits for an answer: settings, the badge and the filter of the inbox, the reminder, and first response
// times. The demo's conversations are weeks old, so that what takes hours is seen without waiting for them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, narrow, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { Hearth } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const always = days.map((day) => ({ day, from: '00:00', to: '24:00' }));
const hour = 3_600_000;

// Who wrote how many hours before the demo starts, and whom each device answers.
const longest = { desktop: ['Tobias Adeyemi', 1], phone: ['María del Pilar', 6] };
const short = 'Leilani Kahale'; // three quarters of an hour ago
const thanks = { desktop: 'Walter Ekström', phone: 'Zeynep Karahanlı' }; // whom nobody has to answer
const other = 'Rosa Delgado-Fuentes'; // weeks ago

// A moment as the clock of the practice shows it.
function local(moment, zone) {
  const part = (options) => new Intl.DateTimeFormat('en-US', { timeZone: zone, ...options }).format(moment);
  return { day: part({ weekday: 'long' }).toLowerCase(), time: part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) };
}

// Opening hours of which, on this day and the one before, just an hour is over at a moment.
function hourBefore(moment, zone) {
  const [from, to, before] = [moment - hour, moment, moment - 24 * hour].map((at) => local(at, zone));
  const rest = always.filter(({ day }) => day !== to.day && day !== before.day);
  return [...rest, { ...from, from: from.time, to: '24:00' }, ...(from.day === to.day ? [] : [{ day: to.day, from: '00:00', to: '24:00' }])].map(({ day, from, to }) => ({ day, from, to }));
}

describe('waiting for an answer', () => {
  const shared = {};

  before(async () => {
    shared.server = await Hearth.start('waiting', { command: 'demo' });
    shared.browser = await Browser.open();
  });

  after(async () => {
    await shared.browser?.close();
    await shared.server?.remove();
  });

  for (const device of [desktop, phone]) describe(`at a ${device.name}`, () => flows(device, shared));
});

function flows(device, shared) {
  const [long, hours] = longest[device.name];
  const suffix = device === desktop ? '' : '-phone';
  const docs = device === desktop;
  let server, browser, sheet, owner, noor, boss, desk, hers, closed, told;

  before(async () => {
    ({ server, browser } = shared);
    sheet = (await new Api(server.url).get('/installation')).sign_ins;
    [owner, noor] = await Promise.all([api('owner'), api('provider')]);
    const { version, opening } = await owner.get('/organization/unanswered');
    // Closed on a day on which nobody of these wrote, whichever day it is.
    closed = local(Date.now() + 72 * hour, opening.time_zone).day;
    await owner.put('/organization/unanswered', { version, on: false, opening: { weekly: always.filter(({ day }) => day !== closed) } });
    told = (await reminders(long)).length;
    await until('the demo’s questions are known', async () => (await waiting(noor)).length > 10);
    [boss, desk, hers] = await Promise.all(['owner', 'provider', ...(device === phone ? ['client'] : [])].map((role) => as(role)));
  });

  const entry = (role) => sheet.find((one) => one.role === role);
  const api = (role) => Api.signIn(server.url, entry(role).email, entry(role).password);
  const settings = () => owner.get('/organization/unanswered');
  const waiting = (who) => who.all('/conversations?unanswered=true');
  const row = (name) => desk.conversation(name);
  const main = () => boss.page.locator('#main');
  const remind = () => main().getByRole('switch', { name: 'Remind staff of unanswered messages' });
  const save = () => main().getByRole('button', { name: 'Save', exact: true });

  async function as(role) {
    const app = new App(await browser.person(server, { device }));
    await app.signIn(entry(role));
    return app;
  }

  async function saved() {
    await save().click();
    await main().getByText('No changes').waitFor();
  }

  async function bothThemes(app, where, name) {
    for (const theme of ['dark', 'light']) {
      await app.page.emulateMedia({ colorScheme: theme });
      assert.ok(await app.fitsWidth(), `${where}: wider than the screen`);
      await assertAccessible(app.page, `${where}, ${theme}`);
      await picture(app.page, `${name}${suffix}${theme === 'dark' ? '-dark' : ''}`, { docs: docs && theme === 'light' });
    }
  }

  test('the inbox says who waits and for how long; with reminders off nobody is overdue', async () => {
    await row(long).getByText(`Waiting ${hours} h`).waitFor();
    await row(short).getByText(/^Waiting 4\d min$/).waitFor();
    assert.equal(await desk.main().getByText(/^Overdue/).count(), 0);
    assert.match(await row(long).evaluate((node) => node.textContent), /has waited \d hours? of opening time for an answer/);
    assert.match(await row(long).getByTitle(/^Since /).getAttribute('title'), /^Since .*M\. Counted while the practice is open\.$/);
  });

  test('hours that make no sense cannot be saved', async () => {
    await boss.page.goto('/settings/unanswered');
    await main().getByLabel('Care team, after hours').fill('0');
    await main().getByText('From 1 to 240 hours.').waitFor();
    assert.equal(await save().isDisabled(), true);
    await main().getByRole('button', { name: 'Discard', exact: true }).click();
    await main().getByText('No changes').waitFor();
  });

  test('switched on with hours and opening times: what waits for too long is overdue at once, on the page that is open', async () => {
    await remind().click();
    await main().getByLabel('Care team, after hours').fill('1');
    await main().getByLabel('Shared queue, hours later').fill('100');
    const day = closed[0].toUpperCase() + closed.slice(1);
    await main().getByRole('button', { name: `Add hours on ${day}` }).click();
    await main().getByLabel(`${day}, from`).fill('00:00');
    await main().getByLabel(`${day}, to`).fill('00:00');
    await main().getByText('What is overdue already will be marked in the inbox. Nobody is reminded of it.').waitFor();
    await main().getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
    await bothThemes(boss, 'Settings > Unanswered', 'unanswered');
    await saved();
    const { on, hours: first, queue_after_hours: later, opening } = await settings();
    assert.deepEqual([on, first, later], [true, 1, 100]);
    assert.deepEqual(opening.weekly.toSorted((a, b) => days.indexOf(a.day) - days.indexOf(b.day)), always);
    await main().getByText(/^\d+ conversations that were overdue before reminders were switched on still wait/).waitFor();
    await picture(boss.page, `unanswered-before${suffix}`);
    await row(long).getByText(`Overdue ${hours} h`).waitFor();
    await row(short).getByText(/^Waiting/).waitFor();
    await bothThemes(desk, 'the inbox with who waits', 'inbox-waiting');
  });

  test('somebody else was first: the second is told', async () => {
    const { version } = await settings();
    await main().getByLabel('Shared queue, hours later').fill('50');
    await owner.put('/organization/unanswered', { version, queue_after_hours: 60 });
    await save().click();
    await main().getByText(/changed this a moment ago/).waitFor();
    assert.equal((await settings()).queue_after_hours, 60);
    await main().getByRole('button', { name: 'Discard', exact: true }).click();
  });

  async function reminders(name) {
    const { items } = await noor.get('/me/notices');
    return items.filter((n) => n.kind === 'reminder' && n.title.startsWith(name));
  }

  const change = async (body) => owner.put('/organization/unanswered', { version: (await settings()).version, ...body });

  test('what was overdue when reminders were switched on reminds nobody', async () => {
    const { overdue_before: before } = await settings();
    assert.ok(before > 5, String(before));
    assert.equal((await reminders(long)).length, told);
    await boss.page.goto('/settings/unanswered');
    await main().getByRole('link', { name: 'Show what is unanswered' }).click();
    await boss.conversation(long).getByText(`Overdue ${hours} h`).waitFor();
    await boss.page.goto('/settings/unanswered');
  });

  if (docs) test('what falls due afterwards reminds the care team, once', async () => {
    const moment = Math.ceil((Date.now() + 15_000) / 60_000) * 60_000;
    await change({ on: false });
    await change({ on: true, opening: { weekly: hourBefore(moment, (await settings()).opening.time_zone) } });
    assert.equal((await reminders(long)).length, 0);
    await until('there is a reminder', async () => (await reminders(long)).length > 0, 100_000);
    assert.ok(Date.now() >= moment);
    await change({ opening: { weekly: always } });
    await row(long).getByText(`Overdue ${hours} h`).waitFor();
    const list = await reminders(long);
    assert.deepEqual(list.map((n) => n.read), [false]);
  });

  test('the filter lists only who waits; an answer takes the badge and the row away by itself', async () => {
    await desk.page.getByRole('navigation', { name: 'Filter conversations' }).getByRole('link', { name: 'Unanswered' }).press('Enter'); // told of reminders, a phone has them above it
    await row(long).waitFor();
    await desk.settled();
    const shown = await desk.conversations().evaluateAll((nodes) => nodes.map((node) => [node.dataset.conversationId, /has waited|Answer from/.test(node.textContent)]));
    assert.ok(shown.length > 5 && shown.every(([, waits]) => waits), JSON.stringify(shown));
    const of = new Set((await waiting(noor)).map((c) => c.id));
    assert.deepEqual(shown.filter(([id]) => !of.has(id)), []);
    await desk.open(long);
    await desk.page.locator('[data-thread]').getByText(`Overdue ${hours} h`).waitFor();
    await assertAccessible(desk.page, 'a conversation that is overdue');
    await picture(desk.page, `thread-overdue${suffix}`);
    await desk.write('Thank you, bring them along.');
    await desk.page.locator('[data-thread]').getByText(/^Overdue/).waitFor({ state: 'hidden' });
    if (desk.small) await desk.page.goBack();
    await until('the row is gone', async () => (await desk.conversations().filter({ hasText: long }).count()) === 0);
    await row(short).getByText(/^Waiting/).waitFor();
    assert.ok((await waiting(noor)).every((c) => c.members.every((m) => !m.name.startsWith(long))));
  });

  if (docs) test('an answered reminder is put away', async () => {
    await until('no reminder of it is left', async () => (await reminders(long)).every((n) => n.read));
    assert.equal((await reminders(long)).length, 1);
  });

  test('“Needs no answer” ends the waiting for everybody, and can be taken back', async () => {
    const name = thanks[device.name];
    const badge = () => desk.page.locator('[data-thread]').getByRole('button', { name: /: the client has waited/ });
    await boss.page.goto('/inbox?inbox=organization&show=waiting');
    await boss.conversation(name).waitFor();
    await desk.page.goto('/inbox?show=waiting');
    await desk.open(name);
    await badge().click();
    await desk.page.getByText(/^Since .* Counted /).waitFor();
    await assertAccessible(desk.page, 'what a badge counts');
    await picture(desk.page, `needs-no-answer${suffix}`, { docs });
    await desk.page.getByRole('menuitem', { name: /^Needs no answer/ }).click();
    await badge().waitFor({ state: 'hidden' });
    await boss.conversation(name).waitFor({ state: 'hidden' });
    await until('the title has the focus', () => desk.page.evaluate(() => document.activeElement?.id === 'thread-title'));
    await desk.page.getByRole('button', { name: 'Undo' }).click();
    await badge().waitFor();
    await boss.conversation(name).waitFor();
    await desk.page.locator('#thread-title').press('w');
    await badge().waitFor({ state: 'hidden' });
    await boss.conversation(name).waitFor({ state: 'hidden' });
    const acts = async (action) => (await owner.get(`/audit?action=conversation.${action}`)).items.filter((row) => row.actor.name === entry('provider').name).length;
    const done = device === desktop ? 1 : 2; // and once more in a menu at the desktop
    assert.deepEqual([await acts('needs_no_answer'), await acts('needs_answer')], [2 * done + (done - 1), done]);
    assert.ok((await waiting(noor)).every((c) => c.members.every((m) => m.name !== name)));
  });

  test('a message of just now asks again, without a badge yet; the menu ends that too', async () => {
    const { email, password } = sheet.find((one) => one.name === thanks.desktop);
    const client = await Api.signIn(server.url, email, password);
    const words = `One more thing, from a ${device.name}`;
    const { id } = (await client.all('/conversations?kind=direct')).find((c) => c.members.some((m) => m.user_id === noor.user.id));
    const waits = async () => (await waiting(noor)).some((c) => c.id === id);
    await client.post(`/conversations/${id}/messages`, { body: words });
    await until('it is a question', waits);
    await desk.leaveThread();
    await row(thanks.desktop).getByText(words).waitFor();
    await desk.settled();
    assert.equal(await row(thanks.desktop).getByText(/Waiting|Overdue/).count(), 0);
    await desk.open(thanks.desktop);
    await desk.page.locator('[data-thread]').getByRole('button', { name: 'More actions' }).click();
    await desk.page.getByRole('menuitem', { name: /^Needs no answer/ }).click();
    await until('nobody waits', async () => !(await waits()));
    await desk.leaveThread();
  });

  test('the report: a plot, the same numbers in a table and as CSV, for all and for the clients of one', async () => {
    await boss.page.goto('/reports/first-response');
    await main().getByRole('img', { name: /^Median time to a first answer over 12 weeks: from/ }).waitFor();
    const rows = main().getByRole('table').locator('tbody tr');
    const { weeks, goal_hours: goal } = await owner.get('/reports/first-response?weeks=12');
    assert.equal(goal, 1);
    const numbers = await rows.evaluateAll((list) => list.map((r) => [...r.querySelectorAll('td')].slice(0, 3).map((cell) => Number(cell.textContent))));
    const counts = (w) => [w.answered, w.open, w.needs_no_answer];
    assert.deepEqual(numbers, weeks.toReversed().map(counts));
    assert.ok(numbers.some(([, , needless]) => needless > 0));
    assert.ok(numbers.some(([answered]) => answered > 10));
    await bothThemes(boss, 'Reports > First response', 'first-response');
    const [file] = await Promise.all([boss.page.waitForEvent('download'), main().getByRole('link', { name: 'Download CSV' }).click()]);
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\n');
    assert.equal(lines.length, 13);
    assert.deepEqual(lines.slice(1).map((line) => line.split(',').slice(2, 5).map(Number)), weeks.map(counts));
    await main().getByLabel('Weeks', { exact: true }).selectOption('4');
    await until('four weeks', async () => (await rows.count()) === 4);
    await main().getByLabel('Primary provider of the client').selectOption({ label: entry('provider').name });
    const { weeks: hers } = await owner.get(`/reports/first-response?weeks=4&provider_id=${noor.user.id}`);
    const wanted = String(hers.map((w) => w.answered).toReversed());
    await until('hers', async () => String(await rows.evaluateAll((list) => list.map((r) => r.querySelector('td').textContent))) === wanted);
    await main().getByRole('table').scrollIntoViewIfNeeded();
    await picture(boss.page, `first-response-table${suffix}`);
  });

  test('a provider sees the report of their own clients alone, and no settings', async () => {
    await desk.page.goto('/reports/first-response');
    await desk.main().getByRole('table').waitFor();
    assert.equal(await desk.main().getByLabel('Primary provider of the client').count(), 0);
    assert.equal(await desk.main().getByRole('link', { name: 'Goal, reminders and opening hours' }).count(), 0);
    assert.equal((await noor.raw('GET', '/reports/first-response')).status, 403);
    await desk.page.goto('/settings/unanswered');
    await desk.page.getByText('There’s nothing here').waitFor();
    const { version } = await settings();
    assert.equal((await noor.raw('PUT', '/organization/unanswered', { version, on: false })).status, 403);
  });

  if (device === phone) test('a client learns nothing of it', async () => {
    await hers.conversations().first().waitFor();
    assert.ok(!/Waiting \d|Overdue|has waited|Unanswered/.test(await hers.page.locator('body').innerText()));
    for (const path of ['/reports/first-response', '/settings/unanswered']) {
      await hers.page.goto(path);
      await hers.page.getByText('There’s nothing here').waitFor();
    }
    const leilani = await api('client');
    for (const path of ['/reports/first-response', '/organization/unanswered']) assert.equal((await leilani.raw('GET', path)).status, 403);
    for (const c of await leilani.all('/conversations')) assert.deepEqual([c.unanswered_since ?? null, c.overdue ?? false], [null, false]);
  });

  if (device === phone) test('on the narrowest phone nothing sticks out', async () => {
    await boss.page.setViewportSize(narrow.viewport);
    await boss.page.goto('/settings/unanswered');
    await remind().waitFor();
    assert.deepEqual(await boss.stickingOut(), []);
    await picture(boss.page, `unanswered-320${suffix}`);
    await boss.page.goto('/reports/first-response');
    await main().getByRole('img', { name: /^Median/ }).waitFor();
    assert.ok(await boss.fitsWidth());
    await picture(boss.page, `first-response-320${suffix}`);
    await boss.page.setViewportSize(device.viewport);
  });

  test('switched off nobody is overdue any more', async () => {
    await desk.leaveThread();
    await row(other).getByText(/^Overdue/).waitFor();
    await boss.page.goto('/settings/unanswered');
    await remind().click();
    await saved();
    await row(other).getByText(/^Waiting/).waitFor();
    assert.equal(await desk.main().getByText(/^Overdue/).count(), 0);
  });

  test('no page complained', () => {
    for (const app of [boss, desk]) assert.deepEqual(app.page.complaints.filter((line) => !/403|404|409/.test(line)), []);
  });
}
