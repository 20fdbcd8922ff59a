// From an empty folder to a client's first message, in the browser alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Api } from './lib/api.mjs';
import { Browser, phone, picture } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, owner, password } from './lib/practice.mjs';
import { Hearth } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

describe('the first day of a practice', () => {
  let server, browser, desk, link;

  before(async () => {
    server = await Hearth.start('first-run');
    browser = await Browser.open();
    desk = new App(await browser.person(server));
  });

  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  test('the program prints a link with a setup code, and says where the key is', async () => {
    link = await until('the link is printed', () => server.output.match(/http:\/\/\S+\/first-run#\S+/)?.[0]);
    assert.match(server.output, /key/i);
  });

  test('without the code nobody becomes the owner', async () => {
    const answer = await new Api(server.url).raw('POST', '/installation', {
      setup_code: 'guessed', organization: owner.organization, owner_name: owner.name, owner_email: owner.email, password,
    });
    assert.ok(answer.status >= 400 && answer.status < 500, `answered ${answer.status}`);
    assert.equal((await new Api(server.url).get('/installation')).setup_needed, true);
  });

  test('the first-run page makes the practice and its owner, and signs in', async () => {
    await desk.page.goto(link);
    await desk.fillFirstRun(owner);
    await assertAccessible(desk.page, 'first run');
    await picture(desk.page, 'first-run', { docs: true });
    await desk.submitFirstRun();
    await desk.inboxShown();
    assert.equal((await new Api(server.url).get('/installation')).setup_needed, false);
  });

  test('the link works once', async () => {
    const code = link.split('#')[1];
    const answer = await new Api(server.url).raw('POST', '/installation', {
      setup_code: code, organization: 'Another', owner_name: 'Someone', owner_email: 'someone@example.org', password,
    });
    assert.equal(answer.status, 404);
  });

  test('the owner adds a client and hands over the link; the client joins on a phone and writes', async () => {
    const invitation = await desk.addClient({ ...client, provider: owner.name });
    assert.match(invitation, new RegExp(`^${server.url}/invite#`));

    const mobile = new App(await browser.person(server, { device: phone }));
    await mobile.page.goto(invitation);
    await mobile.choosePassword(password);
    await mobile.inboxShown();
    await mobile.open(owner.name);
    await mobile.write('Hello, I am in.');

    await desk.goto('Inbox');
    await desk.open(client.name);
    await desk.sees('Hello, I am in.');

    const again = new App(await browser.person(server, { device: phone }));
    await again.page.goto(invitation);
    await again.page.getByText(/no longer|not valid|expired|already/i).first().waitFor();
    assert.deepEqual(mobile.page.complaints, []);
  });
});
