// Pictures, recordings and documents in messages: how they are added, refused, shown and withheld.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Browser, desktop, phone, picture } from './lib/browser.mjs';
import { Api } from './lib/api.mjs';
import { App } from './lib/pages.mjs';
import { client, Practice, provider } from './lib/practice.mjs';
import { Hearth } from './lib/server.mjs';
import { named, pdf, png, svg } from './lib/samples.mjs';
import { until } from './lib/wait.mjs';

const photo = (name = 'breakfast.png') => named(name, 'image/png', png());
const plan = named('Steady mornings.pdf', 'application/pdf', pdf());

// The composer's files, and those of messages.
class Files extends App {
  chips(state) {
    return this.page.locator(state ? `li[data-upload="${state}"]` : 'li[data-upload]');
  }

  async choose(...files) {
    await this.page.locator('input[data-chooser="files"]').setInputFiles(files);
  }

  async stored(count) {
    await until(`${count} files are stored`, async () => (await this.chips('stored').count()) === count, 30_000);
  }

  // Drops or pastes as a browser does it.
  async bring(kind, files) {
    const plain = files.map(({ name, mimeType, buffer, size = 0 }) => ({ name, mimeType, base64: buffer?.toString('base64'), size }));
    await this.composer().evaluate((field, { kind: type, list }) => {
      const data = new DataTransfer();
      for (const { name, mimeType, base64, size } of list) {
        const bytes = base64 === undefined ? new Uint8Array(size) : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      const options = { bubbles: true, cancelable: true };
      field.dispatchEvent(type === 'paste' ? new ClipboardEvent('paste', { ...options, clipboardData: data }) : new DragEvent(type, { ...options, dataTransfer: data }));
    }, { kind, list: plain });
  }

  pictures() {
    return this.page.locator('button[data-picture]');
  }

  async sendNow() {
    await this.sendButton().click();
    await until('nothing waits to be sent', async () => (await this.chips().count()) === 0);
  }
}

describe('files in messages', () => {
  let practice, browser, desk, mobile;

  before(async () => {
    practice = await Practice.open('files');
    browser = await Browser.open();
    desk = new Files(await browser.person(practice.server, { device: desktop }));
    await desk.signIn(provider);
    await desk.open(client.name);
    mobile = new Files(await browser.person(practice.server, { device: phone }));
    await mobile.signIn(client);
    await mobile.conversations().first().click();
    await mobile.composer().waitFor();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  const last = async () => (await practice.provider.thread(practice.conversation)).at(-1);

  test('pictures and a document go with a text, and the other side sees them', async () => {
    await desk.choose(photo('one.png'), photo('two.png'), plan);
    await desk.stored(3);
    await desk.composer().fill('Two breakfasts and the plan.');
    await desk.sendNow();
    await mobile.sees('Two breakfasts and the plan.');
    await until('the thumbnails are there', async () => (await mobile.pictures().locator('img').count()) === 2);
    assert.deepEqual((await last()).attachments.map((a) => a.name), ['one.png', 'two.png', 'Steady mornings.pdf']);
    const saved = mobile.page.waitForEvent('download');
    await mobile.page.getByRole('link', { name: /Steady mornings\.pdf/ }).click();
    assert.equal((await saved).suggestedFilename(), 'Steady mornings.pdf');
  });

  test('a picture is looked at large, and one goes on to the next with the keyboard', async () => {
    await desk.pictures().first().click();
    const large = desk.page.getByRole('dialog', { name: 'one.png' });
    await large.waitFor();
    await large.getByText('1 of 2').waitFor();
    await until('the picture is there', () => large.locator('img').evaluate((img) => img.naturalWidth === 640));
    await assertAccessible(desk.page, 'the picture');
    await desk.page.keyboard.press('ArrowRight');
    await desk.page.getByRole('dialog', { name: 'two.png' }).waitFor();
    await picture(desk.page, 'files-large');
    await desk.page.keyboard.press('Escape');
    await large.waitFor({ state: 'hidden' });
  });

  test('files are dropped on the thread and pasted into the text; one can be sent without a word', async () => {
    await desk.bring('dragenter', [photo()]);
    await desk.page.getByText('Drop files here to send them').waitFor();
    await desk.bring('drop', [photo('dropped.png')]);
    await desk.page.getByText('Drop files here to send them').waitFor({ state: 'hidden' });
    await desk.bring('paste', [photo('image.png')]);
    await desk.stored(2);
    await desk.page.getByRole('button', { name: 'Remove dropped.png' }).click();
    await desk.stored(1);
    assert.ok(!(await desk.sendDisabled()), 'a file needs no text');
    await desk.sendNow();
    await until('it is stored', async () => (await last()).attachments[0]?.name === 'image.png');
    assert.equal((await last()).body, '');
  });

  test('what is refused is refused in words, before or after it was sent', async () => {
    await desk.choose(named('drawing.svg', 'image/svg+xml', svg), named('prog.jpg', 'image/jpeg', Buffer.from('MZ\x90\0'.repeat(40))), named('empty.txt', 'text/plain', Buffer.alloc(0)));
    await desk.bring('drop', [{ name: 'large.pdf', mimeType: 'application/pdf', size: 25 * 2 ** 20 + 1 }]);
    await until('all four are refused', async () => (await desk.chips('failed').count()) === 4);
    const words = (await desk.chips('failed').allInnerTexts()).join('\n');
    for (const reason of [/Web pages and drawings with code/, /Programs are not accepted/, /up to 25 MB/, /empty/]) assert.match(words, reason);
    assert.ok(await desk.sendDisabled());
    await assertAccessible(desk.page, 'files that are refused');
    await picture(desk.page, 'files-refused', { docs: true });
    for (const name of ['drawing.svg', 'prog.jpg', 'large.pdf', 'empty.txt']) await desk.page.getByRole('button', { name: `Remove ${name}` }).click();
    assert.equal(await desk.chips().count(), 0);
    desk.page.complaints.length = 0; // the browser notes each refusal of the server
  });

  test('an upload is seen, cancelled, and tried again after a lost connection', async () => {
    let held;
    await desk.page.route('**/api/v1/attachments', (route) => { held = route; });
    await desk.choose(photo('slow.png'));
    await desk.chips('sending').getByRole('progressbar').waitFor();
    assert.ok(await desk.sendDisabled(), 'a message waits for its files');
    await desk.page.getByRole('button', { name: 'Cancel slow.png' }).click();
    assert.equal(await desk.chips().count(), 0);
    await desk.page.unroute('**/api/v1/attachments');
    await held?.abort().catch(() => {});

    await desk.page.route('**/api/v1/attachments', (route) => route.abort());
    await desk.choose(photo('tunnel.png'));
    await desk.chips('failed').getByText('No connection').waitFor();
    await desk.page.unroute('**/api/v1/attachments');
    await desk.chips('failed').getByRole('button', { name: 'Try again' }).click();
    await desk.stored(1);
    await desk.sendNow();
    await until('it is stored', async () => (await last()).attachments[0]?.name === 'tunnel.png');
    desk.page.complaints.length = 0; // and each broken connection
  });

  test('a client on a phone has a camera, and what it took is upright and without its place', async () => {
    await mobile.page.getByRole('button', { name: 'Add a photo, file or voice message' }).click();
    const menu = mobile.page.getByRole('menu', { name: 'Add' });
    await menu.getByRole('menuitem').first().waitFor();
    assert.deepEqual(await menu.getByRole('menuitem').allInnerTexts(), ['Take a photo', 'Choose photos or files', 'Record a voice message']);
    await picture(mobile.page, 'files-add-phone');
    const chooser = mobile.page.waitForEvent('filechooser');
    await menu.getByRole('menuitem', { name: 'Take a photo' }).click();
    const field = (await chooser).element();
    assert.equal(await field.getAttribute('capture'), 'environment');
    await (await chooser).setFiles(photo('IMG_0042.png'));
    await mobile.stored(1);
    await picture(mobile.page, 'files-composer-phone');
    await assertAccessible(mobile.page, 'a file to send on a phone');
    await mobile.sendNow();
    await until('the practice sees it', async () => (await last()).attachments[0]?.name === 'IMG_0042.png');
    assert.ok(await mobile.fitsWidth());
  });

  test('a voice message is recorded, sent and played', async () => {
    // The machine has no microphone: a tone stands in for it, and the browser's own recorder records it.
    await desk.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        const audio = new AudioContext();
        const tone = audio.createOscillator();
        const out = audio.createMediaStreamDestination();
        tone.connect(out);
        tone.start();
        await audio.resume();
        return out.stream;
      };
    });
    await desk.page.getByRole('button', { name: 'Record a voice message' }).click();
    const recorder = desk.page.getByRole('group', { name: 'Recording a voice message' });
    await recorder.waitFor();
    await new Promise((done) => setTimeout(done, 1_500)); // so much is recorded
    await recorder.getByRole('button', { name: 'Done' }).click();
    await desk.stored(1);
    await desk.sendNow();
    await until('it is stored', async () => (await last()).attachments[0]?.media_type.startsWith('audio/'));
    const [sound] = (await last()).attachments;
    assert.ok(sound.duration_ms > 500 && sound.duration_ms < 20_000, `it plays ${sound.duration_ms} ms`);
    const player = mobile.page.getByRole('group', { name: /^Recording Voice message/ }).last();
    await player.getByRole('button', { name: 'Play' }).click();
    await until('it plays', () => player.locator('audio').evaluate((audio) => audio.currentTime > 0 || audio.ended));
    // Discarded, nothing is left of it.
    await desk.page.getByRole('button', { name: 'Record a voice message' }).click();
    await recorder.getByRole('button', { name: 'Discard' }).click();
    await recorder.waitFor({ state: 'hidden' });
    assert.equal(await desk.chips().count(), 0);
  });

  test('a file is for those who read its message, also when chat is turned off', async () => {
    const { attachments } = (await practice.provider.thread(practice.conversation)).find((m) => m.body.startsWith('Two breakfasts'));
    const path = `/attachments/${attachments[0].id}`;
    await practice.addStaff({ name: 'Kit Alder', email: 'kit@maplecourt.example', role: 'provider' });
    const outside = await practice.signIn('kit@maplecourt.example');
    assert.equal((await outside.raw('GET', path)).status, 404);
    const access = await practice.owner.get(`/clients/${practice.clientId}/chat-access`);
    await practice.owner.put(`/clients/${practice.clientId}/chat-access`, { version: access.version, direct: 'off' });
    await until('nothing can be added', async () => (await mobile.page.locator('input[data-chooser]').count()) === 0);
    await mobile.page.reload();
    await until('earlier pictures stay', async () => (await mobile.pictures().locator('img').count()) > 0);
    await practice.owner.put(`/clients/${practice.clientId}/chat-access`, { version: access.version + 1, direct: 'unset' });
  });

  test('both themes, on a desk and on a phone', async () => {
    for (const theme of ['light', 'dark']) {
      for (const [device, who, api] of [[desktop, provider, practice.provider], [phone, client, practice.client]]) {
        const app = new Files(await browser.person(practice.server, { device, theme }));
        await app.signIn(who);
        await app.conversations().first().click();
        await app.composer().waitFor();
        await app.choose(photo('next week.png'), plan);
        await app.stored(2);
        await until('the pictures are there', async () => (await app.pictures().locator('img').count()) > 0);
        assert.ok(await app.fitsWidth());
        await assertAccessible(app.page, `files, ${theme}, ${device.name}`);
        await picture(app.page, `files-${device.name}-${theme}`);
        assert.deepEqual(app.page.complaints, []);
        for (const name of ['next week.png', 'Steady mornings.pdf']) await app.page.getByRole('button', { name: `Remove ${name}` }).click();
        await until('the draft is empty again', async () => (await api.get(`/conversations/${practice.conversation}`)).draft_attachments.length === 0);
        await app.page.context().close();
      }
    }
    assert.deepEqual([...desk.page.complaints, ...mobile.page.complaints], []);
  });
});

describe('files of the demo', () => {
  test('its pictures, leaflet, table and tune are there', async () => {
    const server = await Hearth.start('files-demo', { command: 'demo' });
    const browser = await Browser.open();
    try {
      const sheet = (await new Api(server.url).get('/installation')).sign_ins;
      const app = new Files(await browser.person(server, { device: desktop }));
      await app.signIn(sheet.find((entry) => entry.role === 'provider'));
      await app.open('Leilani Kahale');
      await app.sees('Three mornings of slow oats');
      await app.pictures().first().scrollIntoViewIfNeeded();
      await until('the pictures are there', async () => (await app.pictures().locator('img').count()) === 2);
      await app.log().getByRole('link', { name: /Steady mornings 2\.pdf/ }).waitFor();
      await picture(app.page, 'files', { docs: true });
      assert.deepEqual(app.page.complaints, []);
    } finally {
      await browser.close();
      await server.remove();
    }
  });
});
