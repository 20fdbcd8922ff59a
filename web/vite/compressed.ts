import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const worthIt = /\.(js|css|html|svg|json|txt|webmanifest)$/;
const smallest = 1024;
const br = promisify(brotliCompress);
const gz = promisify(gzip);

/**
 * Writes a .br and a .gz beside every text asset, so that the server sends
 * files and never compresses. A sibling that would not be smaller is left out.
 */
export function compressed(): Plugin {
  let out = "";
  return {
    name: "hearth-compressed",
    apply: "build",
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      await Promise.all((await files(out)).filter((f) => worthIt.test(f)).map(siblings));
    },
  };
}

async function files(dir: string): Promise<string[]> {
  const names = await readdir(dir);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      return (await stat(path)).isDirectory() ? files(path) : [path];
    }),
  );
  return found.flat();
}

async function siblings(path: string): Promise<void> {
  const raw = await readFile(path);
  if (raw.length < smallest) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  const variants = { br: await br(raw, { params }), gz: await gz(raw, { level: 9 }) };
  for (const [ext, body] of Object.entries(variants)) {
    if (body.length < raw.length) await writeFile(`${path}.${ext}`, body);
  }
}
