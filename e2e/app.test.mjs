// Hearth as an installed app, on a phone, with a real service worker: installing, opening without a
// connection, a new version, files from other apps, a pressed notification, and what the device keeps.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, phone, picture } from './lib/browser.mjs';
import { Front } from './lib/front.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { pdf, png } from './lib/samples.mjs';
import { cached, dump, found } from './lib/stores.mjs';
import { until } from './lib/wait.mjs';

describe('the installable app', () => {
  let practice, browser, front, app, page;

  before(async () => {
    practice = await Practice.open('app');
    front = await Front.before(practice.server);
    browser = await Browser.open();
    app = await person();
    page = app.page;
    await app.signIn(client);
    await kept(page);
  });

  after(async () => {
    await browser?.close();
    await front?.close();
    await practice?.close();
  });

  async function person(options = {}) {
    return new App(await browser.person(front, { device: phone, worker: true, ...options }));
  }

  // The worker runs the page, and has every file of its build.
  async function kept(of) {
    await until('the worker has taken over', () => of.evaluate(() => navigator.serviceWorker.controller?.state === 'activated'));
    await until('the build is kept', async () => (await cached(of)).includes('/'));
  }

  async function devtools(of) {
    return of.context().newCDPSession(of);
  }

  test('chromium finds nothing that hinders installing it', async () => {
    const tools = await devtools(page);
    const { installabilityErrors } = await tools.send('Page.getInstallabilityErrors');
    // A context of tests is like a private window, and those install nothing.
    assert.deepEqual(installabilityErrors.filter((e) => e.errorId !== 'in-incognito'), []);
    const { errors, manifest, data } = await tools.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const said = JSON.parse(data);
    assert.equal(said.short_name, 'Hearth');
    assert.equal(said.display, 'standalone');
    assert.equal(manifest?.scope ?? `${front.url}/`, `${front.url}/`);
    const { appId } = await tools.send('Page.getAppId');
    assert.equal(appId, `${front.url}/`);
    for (const icon of said.icons) {
      const answer = await fetch(front.url + icon.src);
      assert.equal(answer.headers.get('content-type'), 'image/png', icon.src);
    }
    await tools.detach();
  });

  test('the device keeps the files of the build and nothing of the API', async () => {
    const paths = await cached(page);
    assert.ok(paths.length > 50, `${paths.length} files`);
    assert.deepEqual(paths.filter((path) => !/^\/($|assets\/|icons\/|favicon\.svg|theme\.js|manifest\.webmanifest)/.test(path)), []);
    assert.ok(paths.some((path) => path.endsWith('.woff2')), 'the font is there');
  });

  for (const theme of ['light', 'dark']) {
    test(`opened without a connection it says so, and goes on by itself (${theme})`, async () => {
      const other = await person({ theme });
      await other.signIn(client);
      await kept(other.page);
      const context = other.page.context();
      await context.setOffline(true);
      await other.page.goto(`/inbox/${practice.conversation}`);
      await other.page.getByRole('heading', { name: 'You’re offline', level: 1 }).waitFor();
      assert.match(await other.main().innerText(), /keeps no messages on this device/);
      await assertAccessible(other.page, `offline, ${theme}`);
      await picture(other.page, `app-offline${theme === 'dark' ? '-dark' : ''}`, { docs: theme === 'light' });
      await context.setOffline(false);
      await other.composer().waitFor();
      await context.close();
    });
  }

  test('another page of the server is asked for, and stands aside for the app without a connection', async () => {
    const { status } = await page.evaluate(async () => ({ status: (await fetch('/healthz')).status }));
    assert.equal(status, 200);
    const other = await page.context().newPage();
    await other.goto('/healthz');
    assert.doesNotMatch(await other.content(), /id="root"/);
    await other.close();
  });

  test('closing with messages that wait asks first', async () => {
    await app.open(provider.name);
    const context = page.context();
    await context.setOffline(true);
    await app.offlineNotice().waitFor();
    await app.write('Written without a connection', { wait: false });
    await page.getByText('1 message waits. Keep this window open.').waitFor();
    await picture(page, 'app-waiting', { docs: true });
    let asked = '';
    page.once('dialog', (dialog) => {
      asked = dialog.type();
      void dialog.dismiss();
    });
    await page.close({ runBeforeUnload: true });
    await until('it asked', () => asked === 'beforeunload');
    await context.setOffline(false);
    await until('it went out', async () => (await app.stateOf('Written without a connection')) === 'sent', 30_000);
  });

  test('a new version waits, keeps what is written, and replaces the old one', async () => {
    const before = await cached(page);
    const old = await page.evaluate(() => caches.keys());
    front.serve(['/'], (text) => text.replace('<title>', '<meta name="build" content="second"><title>'));
    front.serve(['/sw.js'], (text) => text.replace(/(version["']?:\s*[`"'])[0-9a-f]{12}/, '$1feedfacefeed'));
    await app.type('Half a sentence');
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const bar = page.getByText('A new version is ready.');
    await bar.waitFor();
    assert.equal(await page.locator('meta[name="build"]').count(), 0, 'the old one runs on');
    assert.equal(await app.composer().inputValue(), 'Half a sentence');
    assert.equal(await app.composer().evaluate((field) => field === document.activeElement), true, 'typing goes on');
    await assertAccessible(page, 'a new version');
    await picture(page, 'app-update', { docs: true });

    await page.context().setOffline(true);
    await app.offlineNotice().waitFor();
    await app.write('Sent in a tunnel', { wait: false });
    await app.composer().fill('The next thought');
    await page.getByRole('button', { name: 'Reload', exact: true }).click();
    await page.getByText('The new version loads as soon as 1 message went out.').waitFor();
    assert.equal(await page.locator('meta[name="build"]').count(), 0, 'nothing is lost to a reload');
    await page.context().setOffline(false);
    // Usually at once; but the browser lets the old worker end what it has begun, and looks once a minute whether it has.
    await page.locator('meta[name="build"][content="second"]').waitFor({ state: 'attached', timeout: 90_000 });
    await until('the draft is back', async () => (await app.composer().inputValue()) === 'The next thought');
    await until('the message is there once', async () =>
      (await practice.client.get(`/conversations/${practice.conversation}/messages`)).items.filter((m) => m.body === 'Sent in a tunnel').length === 1);
    await until('the old build is gone', async () => {
      const names = await page.evaluate(() => caches.keys());
      return names.length === 1 && names[0] !== old[0];
    });
    assert.deepEqual(await cached(page), before, 'the new one is kept whole');
    assert.equal(await bar.count(), 0);
  });

  test('files from another app wait for a conversation, and then beside the message', async () => {
    await share(page, [{ name: 'knee.png', type: 'image/png', bytes: png(80, 60) }, { name: 'letter.pdf', type: 'application/pdf', bytes: pdf() }]);
    await page.getByRole('heading', { name: 'Share 2 files', level: 1 }).waitFor();
    assert.deepEqual(await page.getByRole('list', { name: 'Shared files' }).getByRole('listitem').count(), 2);
    await app.settled();
    await assertAccessible(page, 'sharing');
    await picture(page, 'app-share', { docs: true });
    await page.getByRole('button', { name: provider.name }).click();
    await app.composer().waitFor();
    for (const name of ['knee.png', 'letter.pdf']) await page.getByText(name).first().waitFor();
    const sent = async () => (await practice.client.get(`/conversations/${practice.conversation}/messages`)).items.at(-1);
    assert.equal((await sent()).attachments.length, 0, 'nothing goes out by itself');
    await until('the files are stored', async () => !(await app.sendDisabled()));
    await app.sendButton().click();
    await until('they are sent', async () => (await sent()).attachments.length === 2);
    await page.goto('/share');
    await page.getByRole('heading', { name: 'No files came along' }).waitFor();
  });

  // What a phone does when one chooses Hearth in the list of another app: a form is posted to it.
  async function share(to, files) {
    const parts = files.map((f) => ({ ...f, bytes: [...f.bytes] }));
    await to.evaluate((list) => {
      const form = Object.assign(document.createElement('form'), { method: 'POST', action: '/share', enctype: 'multipart/form-data' });
      const field = Object.assign(document.createElement('input'), { type: 'file', name: 'files', multiple: true });
      const data = new DataTransfer();
      for (const { name, type, bytes } of list) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
      field.files = data.files;
      form.append(field);
      document.body.append(form);
      form.submit();
    }, parts);
    await to.waitForURL('**/share*');
  }

  test('a push shows the same words for everybody, and a press opens it in the window that is there', async () => {
    await page.context().grantPermissions(['notifications'], { origin: front.url });
    await page.goto('/inbox');
    await app.inboxShown();
    const id = '0190a7c0-1111-7222-8333-444455556666';
    await push(page, { id, title: 'canary-title', body: 'canary-body' });
    const shown = () => page.evaluate(async () =>
      (await (await navigator.serviceWorker.getRegistration()).getNotifications()).map(({ title, body, tag, icon, badge }) => ({ title, body, tag, icon, badge })));
    await until('it shows', async () => (await shown()).length > 0);
    const [notification] = await shown();
    assert.equal(notification.title, 'You have a new message');
    assert.equal(notification.body, '');
    assert.equal(notification.tag, id);
    assert.doesNotMatch(JSON.stringify(notification), /canary/);
    await push(page, { id });
    assert.equal((await shown()).length, 1, 'the same notice replaces itself');
    await page.evaluate(() => (window.stillHere = true));
    await press(page);
    await page.waitForURL(`**/go/${id}`);
    assert.equal(await page.evaluate(() => window.stillHere), true, 'the page was not loaded anew');
    await until('the notification is gone', async () => (await shown()).length === 0);
  });

  async function push(to, payload) {
    const tools = await devtools(to);
    const registration = new Promise((resolve) => {
      tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const mine = registrations.find((r) => r.scopeURL === `${front.url}/` && !r.isDeleted);
        if (mine) resolve(mine.registrationId);
      });
    });
    await tools.send('ServiceWorker.enable');
    await tools.send('ServiceWorker.deliverPushMessage', { origin: front.url, registrationId: await registration, data: JSON.stringify(payload) });
    await tools.detach();
  }

  // Nobody presses notifications in a browser without a screen: the worker is told as the browser would.
  async function press(of) {
    for (const worker of of.context().serviceWorkers()) {
      await worker.evaluate(async () => {
        if (self.serviceWorker.state !== 'activated') return;
        const [notification] = await self.registration.getNotifications();
        self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
      });
    }
  }

  test('what is written with a keyboard over the page stays in sight, and nothing lies under a notch', async () => {
    await page.goto('/inbox');
    await app.inboxShown();
    await app.open(provider.name);
    const keyboard = (height) => page.evaluate((h) => {
      Object.defineProperty(visualViewport, 'height', { configurable: true, value: h });
      visualViewport.dispatchEvent(new Event('resize'));
    }, height);
    await keyboard(420);
    const field = await app.composer().boundingBox();
    const send = await app.sendButton().boundingBox();
    assert.ok(field.y > 0 && field.y + field.height <= 420 && send.y + send.height <= 420, `${JSON.stringify([field, send])}`);
    await keyboard(phone.viewport.height);
    await until('the room is given back', async () => (await app.sendButton().boundingBox()).y > 600);

    const tools = await devtools(page);
    const insets = { top: 59, bottom: 34, left: 0, right: 0 };
    await tools.send('Emulation.setSafeAreaInsetsOverride', { insets });
    for (const path of [`/inbox/${practice.conversation}`, '/inbox', '/account', '/settings/app', '/share']) {
      await page.goto(path);
      await app.settled();
      assert.deepEqual(await outside(page, insets), [], path);
    }
    await page.goto(`/inbox/${practice.conversation}`);
    await app.composer().waitFor();
    await picture(page, 'app-notch');
    await tools.send('Emulation.setSafeAreaInsetsOverride', { insets: {} });
    await tools.detach();
  });

  // What can be pressed, is not scrolled away, and lies where the screen is round or has a bar of the system.
  function outside(of, { top, bottom }) {
    return of.evaluate(([above, below]) => {
      const scrolled = (node) => node && (/auto|scroll/.test(getComputedStyle(node).overflowY) || scrolled(node.parentElement));
      return [...document.querySelectorAll('a[href], button, input, textarea, select, h1')]
        .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('.sr, .skip') && getComputedStyle(node).clipPath === 'none')
        .filter((node) => !scrolled(node.parentElement))
        .filter((node) => {
          const box = node.getBoundingClientRect();
          return box.height > 1 && (box.top < above || box.bottom > window.innerHeight - below);
        })
        .map((node) => node.outerHTML.slice(0, 100));
    }, [top, bottom]);
  }

  test('how to install it is told, in words for what one holds', async () => {
    await app.page.goto('/account');
    await page.getByRole('link', { name: 'How to install it' }).click();
    await page.getByRole('heading', { name: 'Hearth as an app', level: 1 }).waitFor();
    await page.evaluate(() => {
      const offer = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
        prompt: async () => (window.prompted = true),
        userChoice: Promise.resolve({ outcome: 'accepted' }),
      });
      window.dispatchEvent(offer);
    });
    await page.getByRole('button', { name: 'Install Hearth' }).click();
    assert.equal(await page.evaluate(() => window.prompted), true);
    await page.evaluate(() => window.dispatchEvent(new Event('appinstalled')));
    await page.getByText('Hearth is installed.').waitFor();

    const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
    for (const theme of ['light', 'dark']) {
      const other = await person({ theme, device: { ...phone, userAgent: iphone } });
      await other.signIn(client);
      await other.page.goto('/settings/app');
      await other.page.getByText('Add to Home Screen').waitFor();
      await other.page.getByText('iOS 16.4').waitFor();
      assert.ok(await other.fitsWidth());
      await other.settled();
      await assertAccessible(other.page, `installing, ${theme}`);
      await picture(other.page, `app-install${theme === 'dark' ? '-dark' : ''}`, { docs: theme === 'light' });
      await other.page.context().close();
    }
  });

  test('the device keeps nothing of what people wrote, with or without a connection, before and after signing out', async () => {
    const words = ['canary', provider.name.split(' ').at(-1), client.name.split(' ')[0], client.email, 'Maple Court'];
    const other = await person();
    await other.signIn(client);
    await kept(other.page);
    await other.open(provider.name);
    await practice.provider.send(practice.conversation, 'canary-in-a-message');
    await other.sees('canary-in-a-message');
    await other.page.locator('input[data-chooser="files"]').setInputFiles({ name: 'canary-file.png', mimeType: 'image/png', buffer: png(40, 40) });
    await until('the file is stored', async () => !(await other.sendDisabled()));
    await other.write('canary-with-a-file');
    await until('it is sent', async () => (await other.stateOf('canary-with-a-file')) === 'sent');
    await other.page.getByRole('button', { name: 'Details' }).click();
    await other.page.goBack();
    await other.open(provider.name);
    await other.page.context().setOffline(true);
    await other.offlineNotice().waitFor();
    await other.write('canary-that-waits', { wait: false });
    await other.composer().fill('canary-in-a-draft');
    const offline = await dump(other.page);
    assert.ok(Object.keys(offline).some((where) => where.startsWith('cache hearth-shell-')), 'the dump reads the caches');
    assert.match(offline.cookies, /=/, 'the dump reads the cookies');
    assert.deepEqual(found(offline, words), []);
    await other.page.context().setOffline(false);
    await until('it went out', async () => (await other.stateOf('canary-that-waits')) === 'sent', 30_000);
    await share(other.page, [{ name: 'canary-shared.png', type: 'image/png', bytes: png(80, 60) }]);
    await other.page.getByText('canary-shared.png').waitFor();
    assert.deepEqual(found(await dump(other.page), words), []);

    await other.page.context().grantPermissions(['notifications'], { origin: front.url });
    await push(other.page, { id: '0190a7c0-1111-7222-8333-444455556666' });
    await other.page.evaluate(async () => (await caches.open('else')).put('/else', new Response('left over')));
    await other.page.goto('/account');
    await other.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await other.signInForm().waitFor();
    const after = await dump(other.page);
    assert.deepEqual(found(after, [...words, 'left over']), []);
    assert.deepEqual(Object.keys(after).filter((where) => where.startsWith('cache') && !where.includes('hearth-shell-')), []);
    assert.equal(await other.page.evaluate(async () => (await (await navigator.serviceWorker.getRegistration()).getNotifications()).length), 0);
    await other.page.context().close();
  });

  test('a server without the worker takes it off the device', async () => {
    front.serve(['/sw.js'], null);
    await page.goto('/inbox');
    await until('the worker is gone', () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length === 0), 30_000);
    await until('and what it kept', () => page.evaluate(async () => (await caches.keys()).length === 0));
    await app.page.reload();
    await app.inboxShown();
    front.restore();
  });
});
