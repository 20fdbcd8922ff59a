// The real program under test: bin/hearth on a random loopback port with a data folder of its own.
// A server keeps its port and folder over stop, SIGKILL and restart, as a real one would.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './wait.mjs';

const project = new URL('../..', import.meta.url).pathname;
export const binary = process.env.HEARTH_BIN ?? join(project, 'bin/hearth');
export const out = join(project, 'e2e/out');

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// Only what the program needs: a setting of the machine must not change what is tested.
function environment(extra) {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), HEARTH_RATE_LIMITS: 'off', ...extra };
}

export class Hearth {
  #name;
  #env;
  #child;
  #exited;

  constructor(name, { command = 'serve', env = {} } = {}) {
    this.#name = name;
    this.command = command;
    this.#env = env;
    this.folder = mkdtempSync(join(tmpdir(), `hearth-${name}-`));
    this.data = join(this.folder, 'data');
    this.output = '';
  }

  // Makes a server and starts it, after the organizations given were set up.
  static async start(name, { organizations = [], ...options } = {}) {
    const server = new Hearth(name, options);
    try {
      for (const organization of organizations) server.setup(organization);
      await server.up();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  // hearth setup, as an operator would run it; may be called while the server runs.
  setup({ organization, name, email, password }) {
    const args = ['setup', '--data', this.data, '--organization', organization, '--owner-name', name, '--owner-email', email, '--owner-password-file', '-'];
    const run = spawnSync(binary, args, { input: `${password}\n`, encoding: 'utf8', env: environment(this.#env), timeout: 60_000 });
    if (run.status !== 0) throw new Error(`hearth setup exited with ${run.status}: ${run.error ?? ''}${run.stderr}`);
    return run.stdout;
  }

  async up() {
    this.port ??= await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    mkdirSync(out, { recursive: true });
    const log = createWriteStream(join(out, `${this.#name}.log`), { flags: 'a' });
    const env = environment({ HEARTH_PUBLIC_URL: this.url, ...this.#env });
    const child = spawn(binary, [this.command, '--addr', `127.0.0.1:${this.port}`, '--data', this.data], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk) => {
      this.output += chunk;
      log.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: String(error) }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    await until(`${this.#name} is ready`, () => this.#ready(), 60_000);
  }

  async #ready() {
    const ended = await Promise.race([this.#exited, null]);
    if (ended) throw Object.assign(new Error(`hearth ended (${ended.code ?? ended.signal}):\n${this.output}`), { final: true });
    const answer = await fetch(`${this.url}/readyz`).catch(() => null);
    return answer?.ok;
  }

  // SIGKILL: no chance to tidy up. What was acknowledged has to be there all the same.
  async kill() {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  // SIGTERM: drains; answers how it ended.
  async down() {
    this.#child.kill('SIGTERM');
    const giveUp = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    const ended = await this.#exited;
    clearTimeout(giveUp);
    return ended;
  }

  async remove() {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
