import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { ErrorBoundary } from "./app/ErrorBoundary.tsx";
import { followInstalling } from "./lib/install.ts";
import { followSharing } from "./lib/shared.ts";
import { startWorker } from "./lib/worker.ts";
import "./ui/base.css";

followInstalling();
// Only where a keyboard comes over the page.
if (window.matchMedia("(pointer: coarse)").matches)
  void import("./lib/viewport.ts").then(({ followKeyboard }) => followKeyboard());
startWorker();
void followSharing();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
