// What one organization, role or client must not see of another, in the API and on the pages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { Browser } from './lib/browser.mjs';
import { App } from './lib/pages.mjs';
import { client, otherOwner, owner, password, Practice, provider } from './lib/practice.mjs';

describe('walls', () => {
  let practice, browser, stranger, support, colleague;

  before(async () => {
    practice = await Practice.open('walls', { organizations: [owner, otherOwner] });
    await practice.addStaff({ name: 'Perry Lark', email: 'perry@maplecourt.example', role: 'support' });
    await practice.addStaff({ name: 'Dr. Sage Rill', email: 'sage@maplecourt.example', role: 'provider' });
    await practice.client.send(practice.conversation, 'For my care team only');
    stranger = await Api.signIn(practice.server.url, otherOwner.email, password);
    support = await practice.signIn('perry@maplecourt.example');
    colleague = await practice.signIn('sage@maplecourt.example');
    browser = await Browser.open();
  });

  after(async () => {
    await browser?.close();
    await practice?.close();
  });

  test('another organization gets 404 for everything that has an id', async () => {
    const group = await practice.owner.post('/groups', { name: 'Tuesday group' });
    const ids = { conversation: practice.conversation, client: practice.clientId, staff: practice.providerId, group: group.id };
    const asked = [
      ['GET', `/conversations/${ids.conversation}`], ['GET', `/conversations/${ids.conversation}/messages`],
      ['POST', `/conversations/${ids.conversation}/messages`, { body: 'x' }], ['PUT', `/conversations/${ids.conversation}/read`, { seq: 1 }],
      ['PATCH', `/conversations/${ids.conversation}`, { archived: true }], ['POST', `/conversations/${ids.conversation}/close`, {}],
      ['GET', `/clients/${ids.client}`], ['PATCH', `/clients/${ids.client}`, { name: 'x' }], ['POST', `/clients/${ids.client}/invitation`, {}],
      ['PATCH', `/staff/${ids.staff}`, { active: false }], ['PATCH', `/groups/${ids.group}`, { name: 'x' }], ['DELETE', `/groups/${ids.group}`],
    ];
    for (const [method, path, body] of asked) {
      const answer = await stranger.raw(method, path, body);
      assert.equal(answer.status, 404, `${method} ${path}`);
      assert.equal(answer.body.code, 'not_found');
    }
    assert.equal((await practice.client.thread(ids.conversation)).length, 1, 'nothing was stored');
  });

  test('another organization’s lists are empty of this one', async () => {
    assert.deepEqual((await stranger.get('/clients')).items, []);
    assert.deepEqual((await stranger.get('/conversations')).items, []);
    assert.deepEqual((await stranger.get('/staff')).items.map((s) => s.name), [otherOwner.name]);
    assert.deepEqual((await stranger.get('/groups')).items, []);
    const audit = JSON.stringify(await stranger.all('/audit'));
    assert.ok(!audit.includes(practice.clientId));
  });

  test('people of another organization cannot be put into a conversation', async () => {
    const answer = await stranger.raw('POST', '/conversations', { kind: 'direct', member_ids: [practice.clientId] });
    assert.ok([404, 422].includes(answer.status), `answered ${answer.status}`);
  });

  test('its page shows nothing of this one', async () => {
    const app = new App(await browser.person(practice.server));
    await app.signIn(otherOwner);
    await app.goto('Clients');
    assert.equal(await app.page.getByText(client.name).count(), 0);
    await app.page.goto(`/inbox/${practice.conversation}`);
    await app.page.getByText(/not found|doesn’t exist|does not exist|can’t be found|no conversation/i).first().waitFor();
    assert.equal(await app.page.getByText('For my care team only').count(), 0);
    await app.page.context().close();
  });

  test('a provider outside the care team does not find the client or the thread', async () => {
    assert.equal((await colleague.raw('GET', `/clients/${practice.clientId}`)).status, 404);
    assert.equal((await colleague.raw('GET', `/conversations/${practice.conversation}/messages`)).status, 404);
    assert.deepEqual((await colleague.get('/clients')).items, []);
  });

  test('a client finds no other client, no list of clients, no audit log', async () => {
    const other = await practice.addClient({ name: 'Ash Linden', email: 'ash@mail.example' });
    for (const path of ['/clients', '/groups', '/audit']) assert.equal((await practice.client.raw('GET', path)).status, 403, path);
    assert.ok([403, 404].includes((await practice.client.raw('GET', `/clients/${other.id}`)).status));
    assert.deepEqual((await practice.client.get('/staff')).items.map((s) => s.name), [provider.name]);
  });

  test('support reads a client’s thread through the organization inbox, and the log says so', async () => {
    const seen = await support.get('/conversations?inbox=organization');
    assert.ok(seen.items.some((c) => c.id === practice.conversation && c.organization_inbox));
    await support.get(`/conversations/${practice.conversation}/messages`);
    const audit = await practice.owner.all('/audit?action=conversation.read_by_outsider');
    assert.equal(audit.length, 1);
    assert.equal(audit[0].actor.name, 'Perry Lark');
  });

  test('a page offers only what its reader may do', async () => {
    const offers = {
      [owner.email]: { Team: true, Clients: true, 'Audit log': true },
      'perry@maplecourt.example': { Clients: true, 'Audit log': false },
      [provider.email]: { 'Audit log': false },
    };
    for (const [email, wanted] of Object.entries(offers)) {
      const app = new App(await browser.person(practice.server));
      await app.signIn({ email, password });
      for (const [area, shown] of Object.entries(wanted)) assert.equal(await app.offers(area), shown, `${email}: ${area}`);
      await app.page.context().close();
    }
  });

  test('a client’s page has no staff areas', async () => {
    const app = new App(await browser.person(practice.server));
    await app.signIn(client);
    for (const area of ['Clients', 'Team', 'Audit log']) assert.equal(await app.offers(area), false, area);
    await app.page.context().close();
  });
});
