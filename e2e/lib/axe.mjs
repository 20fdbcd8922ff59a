// axe-core over the page as it stands.
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';

const source = readFileSync(new URL('../../web/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

// While a modal dialog is open the page behind it is hidden from everybody, so these two, which ask for the
// page's own landmark and heading, have nothing to look at. They hold for the page without the dialog.
const ofThePage = ['landmark-one-main', 'page-has-heading-one'];

// Fails with every rule that is broken and where. "Incomplete" results are what axe cannot judge by itself. A page that
// is just changing (a list whose chosen line goes) is looked at once more.
export async function assertAccessible(page, where) {
  await page.evaluate(source);
  let found = await broken(page);
  if (found.length > 0) {
    await page.waitForTimeout(500);
    found = await broken(page);
  }
  assert.equal(found.length, 0, `axe on ${where}:\n${found.join('\n')}`);
}

// Every word has the contrast it needs; for a document that is no page of the app, such as a mail.
export async function assertReadable(page, where) {
  await page.evaluate(source);
  const { passes, violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['color-contrast'] }));
  assert.deepEqual(violations.flatMap(({ nodes }) => nodes.map((node) => `${node.html} ${node.failureSummary}`)), [], `axe on ${where}`);
  assert.ok(passes.length > 0, `axe found words on ${where}`);
}

async function broken(page) {
  const modal = (await page.getByRole('dialog').count()) > 0;
  const rules = Object.fromEntries((modal ? ofThePage : []).map((id) => [id, { enabled: false }]));
  const { violations } = await page.evaluate((off) => window.axe.run(document, { resultTypes: ['violations'], rules: off }), rules);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}\n      ${node.failureSummary?.replace(/\n\s*/g, ' ')}`).join('\n')}${nodes.length > 5 ? `\n    and ${nodes.length - 5} more` : ''}`);
}
