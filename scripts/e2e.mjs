// Runs the browser tests against bin/hearth with node's own test runner, one file at a time (two cores and a
// browser leave no room for more), with the spec report on stdout and a TAP file to count from.
//   node scripts/e2e.mjs [--counts FILE] [test files...]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const args = process.argv.slice(2);
const at = args.indexOf('--counts');
const [, tap] = at < 0 ? [] : args.splice(at, 2);
const named = args.length > 0 ? args : readdirSync('e2e').filter((f) => f.endsWith('.test.mjs')).map((f) => `e2e/${f}`);

const run = spawnSync(
  process.execPath,
  [
    '--test',
    '--test-concurrency=1',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    ...(tap ? ['--test-reporter=tap', `--test-reporter-destination=${tap}`] : []),
    ...named.sort(),
  ],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);
