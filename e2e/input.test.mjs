// Bad input from outside: a clear problem with a code, never a 5xx, nothing stored, nothing of it in the log.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Practice } from './lib/practice.mjs';

describe('bad input', () => {
  let practice, path;

  before(async () => {
    practice = await Practice.open('input');
    path = `/conversations/${practice.conversation}/messages`;
  });

  after(() => practice?.close());

  const secret = 'Zebrafish7731';

  async function post(at, body, headers = {}) {
    const answer = await fetch(`${practice.server.url}/api/v1${at}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${practice.client.token}`, 'content-type': 'application/json', ...headers },
      body,
      duplex: 'half',
      signal: AbortSignal.timeout(20_000),
    });
    return { status: answer.status, type: answer.headers.get('content-type'), body: JSON.parse((await answer.text()) || 'null') };
  }

  const bodies = {
    'no JSON': [`{"body": ${secret}`, 400, 'malformed'],
    'nothing at all': ['', 400, 'malformed'],
    'two values': [`{"body":"${secret}"} {"body":"again"}`, 400, 'malformed'],
    'invalid UTF-8': [Buffer.concat([Buffer.from(`{"body":"${secret}`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]), 400, 'malformed'],
    'an unknown field': [JSON.stringify({ body: 'x', [secret]: 1 }), 422, 'invalid'],
    'a wrong type': [JSON.stringify({ body: { secret } }), 422, 'invalid'],
    'no text': [JSON.stringify({ body: '' }), 422, 'invalid'],
    'only spaces': [JSON.stringify({ body: ' \n\t ' }), 422, 'invalid'],
    'a text that is too long': [JSON.stringify({ body: secret + 'x'.repeat(20_000) }), 422, 'invalid'],
    'an id that is none': [JSON.stringify({ id: secret, body: 'x' }), 422, 'invalid'],
    'ten megabytes': [JSON.stringify({ body: secret.repeat(800_000) }), 413, 'too_large'],
  };

  for (const [what, [body, status, code]] of Object.entries(bodies)) {
    test(`${what}: ${status} ${code}`, async () => {
      const answer = await post(path, body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.equal(answer.body.code, code);
      assert.match(answer.type, /^application\/problem\+json/);
      assert.ok(!JSON.stringify(answer.body).includes(secret.repeat(2)), 'the answer does not repeat what was sent');
    });
  }

  test('NUL in a text is refused', async () => {
    const answer = await post(path, JSON.stringify({ body: `${secret}\u0000` }));
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
  });

  test('another kind of content: 415', async () => {
    const answer = await post(path, 'body=x', { 'content-type': 'application/x-www-form-urlencoded' });
    assert.equal(answer.status, 415);
    assert.equal(answer.body.code, 'unsupported_media_type');
  });

  test('another method: 405; another path: 404; an id that is none: 404', async () => {
    assert.equal((await practice.client.raw('DELETE', '/conversations')).status, 405);
    assert.equal((await practice.client.raw('GET', '/nowhere')).status, 404);
    assert.equal((await practice.client.raw('GET', `/conversations/${secret}`)).status, 404);
  });

  test('no token: 401; a wrong one: 401', async () => {
    for (const authorization of ['', 'Bearer nonsense', 'Basic eDp5']) {
      const answer = await fetch(`${practice.server.url}/api/v1/me`, { headers: authorization ? { authorization } : {} });
      assert.equal(answer.status, 401);
      assert.equal((await answer.json()).code, 'unauthenticated');
    }
  });

  test('a cookie from another origin changes nothing', async () => {
    const signedIn = await fetch(`${practice.server.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: practice.server.url },
      body: JSON.stringify({ email: 'juniper@mail.example', password: 'correct horse battery' }),
    });
    const cookie = signedIn.headers.get('set-cookie').split(';')[0];
    for (const foreign of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
      const answer = await fetch(`${practice.server.url}/api/v1${path}`, {
        method: 'POST', headers: { cookie, 'content-type': 'application/json', ...foreign }, body: JSON.stringify({ body: secret }),
      });
      assert.equal(answer.status, 403, JSON.stringify(foreign));
    }
    const own = await fetch(`${practice.server.url}/api/v1${path}`, {
      method: 'POST', headers: { cookie, 'content-type': 'application/json', origin: practice.server.url }, body: JSON.stringify({ body: 'from the page itself' }),
    });
    assert.equal(own.status, 201);
  });

  test('a connection that speaks no HTTP gets an answer or an end, and the server lives', async () => {
    await new Promise((resolve) => {
      const socket = connect(practice.server.port, '127.0.0.1', () => socket.write('\u0000\u0001 nonsense\r\n\r\n'));
      socket.on('data', () => {});
      socket.on('error', resolve);
      socket.on('close', resolve);
      socket.setTimeout(10_000, () => socket.destroy());
    });
    assert.equal((await fetch(`${practice.server.url}/healthz`)).status, 200);
  });

  test('nothing of it was stored, and the log knows none of it', async () => {
    const thread = await practice.client.thread(practice.conversation);
    assert.deepEqual(thread.map((m) => m.body), ['from the page itself']);
    assert.ok(!practice.server.output.includes(secret), 'the log repeats what was sent');
    assert.ok(!practice.server.output.includes('from the page itself'));
    assert.ok(!practice.server.output.includes('juniper@mail.example'));
    assert.ok(!/\b5\d\d\b.*\/api\//.test(practice.server.output));
  });
});
