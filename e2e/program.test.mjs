// The program as its operator meets it: exit codes, words, files, a clean end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, cpSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { owner, otherOwner, password } from './lib/practice.mjs';
import { binary, Hearth } from './lib/server.mjs';

const { PATH, HOME } = process.env;
const run = (args, { env = {}, input } = {}) => spawnSync(binary, args, { encoding: 'utf8', timeout: 60_000, input, env: { PATH, HOME, ...env } });
const said = (result) => result.stdout + result.stderr;

describe('the command line', () => {
  test('help names the commands', () => {
    const help = run(['--help']);
    assert.equal(help.status, 0);
    for (const command of ['demo', 'setup', 'serve', 'verify']) assert.match(said(help), new RegExp(`\\b${command}\\b`));
  });

  test('a wrong flag, value or variable is named, with what would be right, and exits 2', () => {
    const wrong = [
      [['serve', '--adress', 'x'], {}, /adress/],
      [['serve', '--addr', 'nonsense'], {}, /addr/i],
      [['serve', '--database-url', 'mysql://x'], {}, /postgres/],
      [['serve'], { HEARTH_ADDR: 'nonsense' }, /HEARTH_ADDR|addr/i],
      [['nothing'], {}, /nothing/],
    ];
    for (const [args, env, words] of wrong) {
      const result = run(args, { env });
      assert.equal(result.status, 2, `${args.join(' ')}: ${said(result)}`);
      assert.match(said(result), words);
    }
  });

  test('setup refuses an address that is taken and a password that is too short', () => {
    const data = mkdtempSync(join(tmpdir(), 'hearth-setup-'));
    try {
      const set = (email, secret) => run(['setup', '--data', data, '--organization', 'One', '--owner-name', 'Ada', '--owner-email', email, '--owner-password-file', '-'], { input: secret });
      assert.equal(set('ada@one.example', `${password}\n`).status, 0);
      const taken = set('ADA@one.example', password);
      assert.notEqual(taken.status, 0);
      assert.match(said(taken), /taken|in use|belongs/i);
      const short = set('bo@one.example', 'short');
      assert.notEqual(short.status, 0);
      assert.match(said(short), /10/);
      assert.ok(!said(short).includes('short\n'));
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});

describe('the data folder', () => {
  let server;

  before(async () => {
    server = await Hearth.start('program', { organizations: [owner] });
    const api = await Api.signIn(server.url, owner.email, password);
    await api.post('/groups', { name: 'Findable Plaintext Circle' });
  });

  after(() => server?.remove());

  // Files a program of another practice tries its luck with.
  function copy(change) {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-copy-'));
    cpSync(server.data, folder, { recursive: true });
    change(folder);
    return folder;
  }

  const keyOf = (folder) => join(folder, readdirSync(folder).find((name) => /key/i.test(name)));
  const databaseOf = (folder) => join(folder, readdirSync(folder).find((name) => /\.db$|\.sqlite$/.test(name)));
  const serve = (folder) => run(['serve', '--addr', '127.0.0.1:0', '--data', folder]);

  test('holds a key that only its owner may read, and nothing in clear', async () => {
    const everything = readdirSync(server.data, { recursive: true });
    for (const file of everything) {
      assert.equal(statSync(join(server.data, file)).mode & 0o077, 0, `${file} can be read by others`);
    }
    assert.equal(statSync(keyOf(server.data)).mode & 0o777, 0o600);
    for (const name of everything.filter((one) => statSync(join(server.data, one)).isFile())) {
      const bytes = readFileSync(join(server.data, name));
      assert.ok(!bytes.includes('Findable Plaintext') && !bytes.includes(owner.email) && !bytes.includes('SQLite format 3'), `${name} is readable`);
    }
  });

  test('setup beside the running server adds an organization that can sign in at once', async () => {
    server.setup(otherOwner);
    const api = await Api.signIn(server.url, otherOwner.email, password);
    assert.equal((await api.get('/me')).organization.name, otherOwner.organization);
  });

  test('SIGTERM ends it with 0, and it comes back with everything', async () => {
    assert.deepEqual(await server.down(), { code: 0, signal: null });
    await server.up();
    const api = await Api.signIn(server.url, owner.email, password);
    assert.deepEqual((await api.get('/groups')).items.map((g) => g.name), ['Findable Plaintext Circle']);
  });

  test('a wrong key is a clear message, and the file is untouched', async () => {
    await server.down();
    const folder = copy((f) => {
      chmodSync(keyOf(f), 0o600);
      writeFileSync(keyOf(f), `${'ab'.repeat(32)}\n`);
    });
    const before = readFileSync(databaseOf(folder));
    const result = serve(folder);
    assert.ok(result.status > 0, `exit ${result.status}`);
    assert.match(said(result), /key/i);
    assert.ok(!/panic|goroutine/.test(said(result)), said(result));
    assert.deepEqual(readFileSync(databaseOf(folder)), before);
    rmSync(folder, { recursive: true });
  });

  test('without its key the database is not replaced by an empty one', () => {
    const folder = copy((f) => rmSync(keyOf(f)));
    const before = readFileSync(databaseOf(folder));
    const result = serve(folder);
    assert.ok(result.status > 0, `exit ${result.status}`);
    assert.match(said(result), /key/i);
    assert.deepEqual(readFileSync(databaseOf(folder)), before);
    rmSync(folder, { recursive: true });
  });

  test('a damaged database is a clear message', () => {
    const folder = copy((f) => {
      const file = openSync(databaseOf(f), 'r+');
      writeSync(file, Buffer.alloc(4096, 7), 0, 4096, 0);
      closeSync(file);
    });
    const result = serve(folder);
    assert.ok(result.status > 0, `exit ${result.status}`);
    assert.ok(!/panic|goroutine/.test(said(result)), said(result));
    rmSync(folder, { recursive: true });
  });

  test('verify finds the audit log whole', () => {
    const result = run(['verify', '--data', server.data]);
    assert.equal(result.status, 0, said(result));
    assert.match(said(result), new RegExp(`${owner.organization}|organi[sz]ation|ok`, 'i'));
  });

  test('a folder that cannot be made is a clear message', () => {
    const blocked = join(mkdtempSync(join(tmpdir(), 'hearth-blocked-')), 'file');
    writeFileSync(blocked, 'not a folder');
    const result = serve(join(blocked, 'data'));
    assert.ok(result.status > 0);
    assert.ok(said(result).includes(blocked), said(result));
    assert.ok(existsSync(blocked));
  });

  test('an address that is in use is a clear message', async () => {
    await server.up();
    const folder = mkdtempSync(join(tmpdir(), 'hearth-port-'));
    const result = run(['serve', '--addr', `127.0.0.1:${server.port}`, '--data', folder]);
    assert.ok(result.status > 0);
    assert.match(said(result), new RegExp(`${server.port}`));
    rmSync(folder, { recursive: true, force: true });
  });
});
