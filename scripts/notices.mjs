// Writes NOTICE (what the binary contains, by licence) and licences/third-party.txt (the licence texts, which
// MIT, BSD and ISC want kept with the binary). Read from the Go modules that cmd/hearth links and from the
// npm packages that the web app's lock file does not mark as development only.
//   node scripts/notices.mjs [FOLDER]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const into = process.argv[2] ?? '.';
const go = (...args) => execFileSync('go', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
const ruler = '-'.repeat(78);

// Order matters: the longer licences quote words of the shorter ones.
const licences = [
  ['Apache-2.0', /Apache License\s+Version 2\.0/],
  ['MPL-2.0', /Mozilla Public License,? (Version|version) 2\.0/],
  ['OFL-1.1', /SIL Open Font License/i],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms[\s\S]*(Neither the name|may not be used to endorse)/i],
  ['BSD-2-Clause', /Redistribution and use in source and binary forms/],
  ['0BSD', /Permission to use, copy, modify, and\/or distribute this software for any\s+purpose with or without fee is hereby granted\.\s+THE/],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software for any\s+purpose with or without fee is hereby granted/],
  ['MIT', /Permission is hereby granted, free of charge/],
];

function licenceOf(text, name) {
  const found = licences.find(([, pattern]) => pattern.test(text));
  if (!found) throw new Error(`notices: the licence of ${name} is none this script knows: look at it, then add it`);
  return found[0];
}

function licenceFiles(folder) {
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim());
}

function component(name, version, folder, fallback) {
  const texts = existsSync(folder) ? licenceFiles(folder) : [];
  if (texts.length === 0 && fallback) return { name, version, licence: fallback, text: '' };
  if (texts.length === 0) throw new Error(`notices: no licence file in ${folder}`);
  return { name, version, licence: licenceOf(texts[0], name), text: texts.join(`\n\n`) };
}

function goComponents() {
  const format = '{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}';
  const lines = new Set(go('list', '-deps', '-f', format, './cmd/hearth').split('\n').filter(Boolean));
  const modules = [...lines].sort().map((line) => component(...line.split('\t')));
  const release = go('list', '-m', '-f', '{{.GoVersion}}').trim();
  const root = go('env', 'GOROOT').trim();
  return [component('Go runtime and standard library', release, root), ...modules];
}

function webComponents() {
  const lock = JSON.parse(readFileSync('web/package-lock.json', 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.dev && !entry.optional && !entry.devOptional && !entry.peer)
    .map(([path, entry]) => component(path.replace(/^.*node_modules\//, ''), entry.version, join('web', path), entry.license));
}

function assets() {
  return [
    ['Atkinson Hyperlegible Next (font)', 'licences/atkinson-hyperlegible-next-OFL.txt'],
    ['Lucide (icons)', 'licences/lucide-LICENSE.txt'],
  ].map(([name, file]) => {
    const text = readFileSync(file, 'utf8').trim();
    return { name, version: '', licence: licenceOf(text, name), text };
  });
}

const row = ({ name, version, licence }) => `  ${`${name} ${version}`.trim().padEnd(62)} ${licence}`;

function notice(parts) {
  const sections = Object.entries(parts).map(([title, list]) => `${title}\n${list.map(row).join('\n')}`);
  return `Hearth
Licensed under the Apache License, Version 2.0 (see LICENSE).

The program contains the components below, each under its own licence. Their texts and copyright lines are
in licences/third-party.txt. This file is generated: run "make generate".

${sections.join('\n\n')}
`;
}

function texts(parts) {
  const byText = new Map();
  for (const item of Object.values(parts).flat()) {
    if (item.text) byText.set(item.text, [...(byText.get(item.text) ?? []), `${item.name} ${item.version}`.trim()]);
  }
  const blocks = [...byText].map(([text, names]) => `${ruler}\n${names.join('\n')}\n${ruler}\n\n${text}\n`);
  return `What Hearth contains, and the licences it comes under. Generated: run "make generate".\n\n${blocks.join('\n')}`;
}

const parts = { 'Go modules': goComponents(), 'Web app': webComponents(), 'Font and icons': assets() };
mkdirSync(join(into, 'licences'), { recursive: true });
writeFileSync(join(into, 'NOTICE'), notice(parts));
writeFileSync(join(into, 'licences', 'third-party.txt'), texts(parts));
