// A mail that another server returns: handed in with `hearth bounced`, and seen by its person and by staff.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { binary } from './lib/server.mjs';
import { Mailbox } from './lib/smtp.mjs';
import { until } from './lib/wait.mjs';

const report = (to) =>
  [
    'From MAILER-DAEMON Mon Mar  2 09:30:00 2026',
    `To: <${to}>`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=part',
    '',
    '--part',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.mail.example',
    '',
    `Final-Recipient: rfc822; ${client.email}`,
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--part--',
    '',
  ].join('\n');

describe('mail that comes back', () => {
  let practice, browser, mailbox;

  before(async () => {
    mailbox = await Mailbox.open();
    practice = await Practice.open('returned', {
      env: {
        HEARTH_SMTP_URL: mailbox.url,
        HEARTH_MAIL_FROM: 'hearth@maplecourt.example',
        HEARTH_SMTP_BOUNCES: 'bounces@maplecourt.example',
        HEARTH_NOTIFY_DELAY: '1s',
      },
    });
    browser = await Browser.open();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
    await mailbox?.close();
  });

  async function as(who, device) {
    const app = new App(await browser.person(practice.server, { device }));
    await app.signIn(who);
    return app.page;
  }

  const history = async () => (await practice.client.get('/me/notification-history')).items.filter((d) => d.channel === 'email').map((d) => d.state);

  test('is told to its person and to staff, who have it tried again', async () => {
    await practice.provider.post(`/conversations/${practice.conversation}/messages`, { body: 'Hello' });
    const mail = await until('the mail', () => mailbox.mails.find((m) => m.to.includes(client.email) && m.from.startsWith('bounces+')), 30_000);
    await until('it counts as sent', async () => (await history()).includes('sent'));
    const run = spawnSync(binary, ['bounced', '--server', practice.server.url], { input: report(mail.from), encoding: 'utf8', timeout: 30_000 });
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, '', '']);
    assert.deepEqual(await history(), ['bounced']);

    const mine = await as(client, phone);
    await mine.goto('/settings/notifications');
    await mine.getByText('Mail does not reach you.').waitFor();
    await assertAccessible(mine, 'mail does not reach oneself');
    await picture(mine, 'mail-does-not-reach-phone');

    const desk = await as(provider, desktop);
    await desk.goto(`/clients/${practice.clientId}`);
    await desk.getByRole('region', { name: 'Notification history' }).getByRole('button', { name: 'Show the history' }).click();
    const sheet = desk.getByRole('dialog', { name: 'Notification history' });
    await sheet.getByText('Mail does not reach this client.').waitFor();
    await sheet.getByRole('listitem').filter({ hasText: 'Came back' }).waitFor();
    await assertAccessible(desk, 'mail does not reach a client');
    await picture(desk, 'mail-does-not-reach-desktop');
    await sheet.getByRole('button', { name: 'Try again' }).click();
    await sheet.getByText('Mail is tried again').waitFor();

    await mine.goto('/settings/notifications/history');
    await mine.getByRole('listitem').filter({ hasText: 'Came back' }).waitFor();
    assert.equal(await mine.getByText('Mail does not reach you.').count(), 0);
  });
});
