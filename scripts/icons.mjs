// Draws the icons of the installable app from the mark in web/public/favicon.svg, in real Chromium:
//   node scripts/icons.mjs
// The PNG files are kept in git; run it again when the mark or the colours change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const web = new URL('../web/', import.meta.url);
const require = createRequire(new URL('package.json', web));
const { chromium } = require('playwright-core');

const mark = readFileSync(new URL('public/favicon.svg', web), 'utf8');
const [arch, flame] = [...mark.matchAll(/ d="([^"]+)"/g)].map(([, d]) => d);
const canvas = /--canvas: (#[0-9a-f]{6})/.exec(readFileSync(new URL('src/ui/tokens.css', web), 'utf8'))[1];

// One colour on nothing: the system paints the shape itself, so only what is covered counts.
const silhouette = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <mask id="m"><path fill="#fff" d="${arch}"/><path fill="#000" d="${flame}"/></mask>
  <rect width="32" height="32" fill="#fff" mask="url(#m)"/></svg>`;

// Of the edge: how much the mark takes. A mask may cut everything outside a circle of 80 %.
const icons = [
  { name: 'icon-192', size: 192, svg: mark, part: 1 },
  { name: 'icon-512', size: 512, svg: mark, part: 1 },
  { name: 'maskable-192', size: 192, svg: mark, part: 0.68, ground: canvas },
  { name: 'maskable-512', size: 512, svg: mark, part: 0.68, ground: canvas },
  { name: 'apple-touch-180', size: 180, svg: mark, part: 0.8, ground: canvas },
  { name: 'monochrome-512', size: 512, svg: silhouette, part: 0.72 },
  { name: 'badge-96', size: 96, svg: silhouette, part: 1 },
  { name: 'shortcut-write-96', size: 96, svg: shortcut('M12 20h9 M16.4 3.6a2 2 0 0 1 2.9 2.9L7.4 18.4 3 20l1.5-4.4Z'), part: 0.66, ground: canvas },
  { name: 'shortcut-unread-96', size: 96, svg: shortcut('M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l1.9-5.8A8.4 8.4 0 1 1 21 11.5z'), part: 0.66, ground: canvas },
];

function shortcut(d) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#1D5F4B" stroke-width="2"
    stroke-linecap="round" stroke-linejoin="round"><path d="${d}"/></svg>`;
}

async function draw(page, { size, svg, part, ground }) {
  await page.setViewportSize({ width: size, height: size });
  const edge = Math.round(size * part);
  await page.setContent(`<style>html,body{margin:0;height:100%;background:${ground ?? 'transparent'}}
    body{display:grid;place-items:center}svg{width:${edge}px;height:${edge}px;display:block}</style>${svg}`);
  return page.screenshot({ omitBackground: !ground });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-dev-shm-usage'],
});
const page = await browser.newPage();
const folder = new URL('public/icons/', web);
mkdirSync(folder, { recursive: true });
for (const icon of icons) writeFileSync(new URL(`${icon.name}.png`, folder), await draw(page, icon));
await browser.close();
