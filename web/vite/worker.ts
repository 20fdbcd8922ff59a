import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "vite";

/** Of the files that are served as they are, those that the app itself shows. */
const fromPublic = [
  "favicon.svg",
  "theme.js",
  "manifest.webmanifest",
  "icons/icon-192.png",
  "icons/badge-96.png",
];

/**
 * Writes sw.js, the service worker, with the list of this build's files in it: its
 * version changes exactly when one of them does.
 */
export function serviceWorker(): Plugin {
  let root = "";
  return {
    name: "hearth-worker",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        const made = Object.values(bundle).filter((f) => f.fileName.startsWith("assets/"));
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("the build has no index.html");
        const hash = createHash("sha256").update(page.source);
        for (const name of fromPublic) hash.update(await readFile(join(root, "public", name)));
        const files = ["/", ...[...fromPublic, ...made.map((f) => f.fileName)].map((f) => `/${f}`)].sort();
        const version = hash.update(files.join("\n")).digest("hex").slice(0, 12);
        this.emitFile({ type: "asset", fileName: "sw.js", source: await worker(root, { version, files }) });
      },
    },
  };
}

/** The worker in one classic script: not every browser takes modules for it. */
async function worker(root: string, made: { version: string; files: string[] }): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { __BUILD__: JSON.stringify(made) },
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: join(root, "src/worker/main.ts"), output: { format: "iife" } },
    },
  });
  const [first] = [result].flat();
  const code = first && "output" in first ? first.output.find((f) => f.type === "chunk")?.code : undefined;
  if (!code) throw new Error("the service worker was not built");
  return code;
}
