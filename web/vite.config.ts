import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./vite/compressed.ts";
import { serviceWorker } from "./vite/worker.ts";

// Where `npm run dev` finds a running Hearth.
const server = process.env["HEARTH_DEV_SERVER"] ?? "http://127.0.0.1:8080";

// One piece each for what belongs together: many small pieces compress badly and cost a question each.
// A piece takes what its files need along, unless an earlier one has it.
const pieces = [
  // What every page needs at first: all that the entry leads to, but the entry itself.
  { name: "base", tags: ["$initial" as const], test: /^(?!.*(?:src\/main\.tsx|index\.html))/ },
  // What the thread, the details beside it and other pages share; nothing that the thread does not need.
  { name: "common", test: /src\/(?:api\/(?:access|directory)|ui\/(?:Markdown|Email))\.tsx?$/ },
  {
    name: "access",
    test: /src\/features\/chat-access\/(?:AccessCard|words|toggle|panel|Panel\.module)\.|src\/ui\/(?:Switch)\./,
  },
  // Long tables are drawn with it as well.
  { name: "virtual", test: /node_modules\/@tanstack\/(?:virtual-core|react-virtual)\// },
  // A conversation that is open, with the details beside it.
  {
    name: "thread",
    test: /src\/features\/conversations\/(?:OpenThread|team\/(?:NotesSection|TeamLine)|files\/SharedFiles)\.tsx$/,
  },
  // What small things the other pages share.
  {
    name: "shared",
    test: /@tanstack\/(?:query-core|react-query)\/|src\/(?:lib(?!\/(?:skips|zone)\.)|api(?!\/(?:blasts|choice|recipients)\.))\//,
  },
];

export default defineConfig({
  plugins: [react(), serviceWorker(), compressed()],
  build: {
    target: "es2023",
    // The content security policy refuses data: URLs, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: pieces } } },
  },
  server: { proxy: { "/api": { target: server, ws: true, changeOrigin: true } } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test.setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
});
