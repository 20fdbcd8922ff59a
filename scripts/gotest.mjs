// Reads `go test -json` from stdin, prints what `go test` would print for people (one closing line per
// package, the whole output of what failed), and writes {passed, failed, skipped} to the file named.
// Only leaves count: a test with subtests is its subtests, so nothing is counted twice. A package that
// fails without a failing test (it did not compile, it crashed, a race outside a test) counts as one failure.
import { createInterface } from 'node:readline';
import { writeFileSync } from 'node:fs';

const [countsFile] = process.argv.slice(2);
const output = new Map(); // package + test -> its lines, until we know how it ended
const ends = new Map(); // package + test -> pass | fail | skip
const parents = new Set();
const failedPackages = [];

const key = (event) => `${event.Package ?? event.ImportPath ?? ''}\u0000${event.Test ?? ''}`;

function remember(event) {
  const k = key(event);
  const lines = output.get(k) ?? [];
  lines.push(event.Output);
  output.set(k, lines);
}

function print(k) {
  process.stdout.write((output.get(k) ?? []).join(''));
}

function endTest(event) {
  ends.set(key(event), event.Action);
  for (let name = event.Test, at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/')) {
    name = name.slice(0, at);
    parents.add(`${event.Package}\u0000${name}`);
  }
  if (event.Action === 'fail') print(key(event));
  output.delete(key(event));
}

function endPackage(event) {
  const k = key(event);
  if (event.Action === 'fail') {
    failedPackages.push(event.Package);
    for (const open of output.keys()) {
      if (open !== k && open.startsWith(`${event.Package}\u0000`)) print(open); // running when it crashed
    }
    print(k);
  } else {
    const closing = (output.get(k) ?? []).filter((line) => /^(ok|\?|---)\s/.test(line));
    process.stdout.write(closing.join(''));
  }
  output.delete(k);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  let event;
  try {
    event = JSON.parse(line);
  } catch {
    console.log(line);
    return;
  }
  if (event.Action === 'build-output') process.stdout.write(event.Output);
  else if (event.Action === 'output') remember(event);
  else if (['pass', 'fail', 'skip'].includes(event.Action)) (event.Test ? endTest : endPackage)(event);
}).on('close', () => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const packagesWithFailure = new Set();
  for (const [k, action] of ends) {
    if (action === 'fail') packagesWithFailure.add(k.split('\u0000')[0]);
    if (parents.has(k)) continue;
    counts[{ pass: 'passed', fail: 'failed', skip: 'skipped' }[action]]++;
  }
  for (const [k, action] of ends) {
    // a parent that failed on its own, with every subtest green, is a failure nobody else counts
    if (action === 'fail' && parents.has(k) && !childFailed(k)) counts.failed++;
  }
  counts.failed += failedPackages.filter((name) => !packagesWithFailure.has(name)).length;
  writeFileSync(countsFile, JSON.stringify(counts));
});

function childFailed(parent) {
  for (const [k, action] of ends) {
    if (action === 'fail' && k.startsWith(`${parent}/`)) return true;
  }
  return false;
}
