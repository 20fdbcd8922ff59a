// Sums the counts that the runners left in a folder and prints one closing line. Stages that are no test
// runners (formatting, freshness) have no count; when only such a stage failed it still shows as failed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, failedStages] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };

function add(file, read) {
  const path = join(folder, file);
  if (!existsSync(path)) return;
  const counts = read(readFileSync(path, 'utf8'));
  for (const name of Object.keys(total)) total[name] += counts[name] ?? 0;
}

const tapCount = (text, word) => Number(text.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1] ?? 0);

add('go.json', JSON.parse);
add('vitest.json', (text) => {
  const report = JSON.parse(text);
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
});
add('e2e.tap', (text) => ({
  passed: tapCount(text, 'pass'),
  failed: tapCount(text, 'fail') + tapCount(text, 'cancelled'),
  skipped: tapCount(text, 'skipped'),
}));

const failed = Math.max(total.failed, Number(failedStages));
console.log(`${total.passed} passed, ${failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
