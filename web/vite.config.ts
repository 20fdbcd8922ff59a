import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./vite/compressed.ts";

// Where `npm run dev` finds a running Hearth.
const server = process.env["HEARTH_DEV_SERVER"] ?? "http://127.0.0.1:8080";

// What every page needs, and what the details beside a thread need, come in one piece each: many small
// pieces compress badly and cost a question each.
const pieces = [
  {
    name: "base",
    test: /node_modules\/(?:react|react-dom|scheduler|@tanstack\/query-core|@tanstack\/react-query|openapi-fetch)\/|src\/(?:lib(?!\/(?:skips|zone)\.)|api(?!\/(?:blasts|choice|recipients)\.)|live)\/|src\/features\/conversations\/(?:dialogs|muted|plain|filters|mentions)\.|src\/ui\/(?:Icon|iconShapes|Button|cx|Avatar|Badge|Name|Toast|toast|States|Field)\.tsx?$/,
  },
  {
    name: "access",
    test: /src\/features\/chat-access\/(?:AccessCard|words|toggle|panel|Panel\.module)\.|src\/ui\/(?:Switch)\./,
  },
];

export default defineConfig({
  plugins: [react(), compressed()],
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
