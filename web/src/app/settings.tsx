import { lazy, type ReactNode, Suspense } from "react";

const Frame = lazy(async () => ({ default: (await import("./SettingsFrame.tsx")).SettingsFrame }));

/** The settings’ own list of pages, which comes with the first of them. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  return (
    <Suspense fallback={<main id="main" aria-busy="true" />}>
      <Frame>{children}</Frame>
    </Suspense>
  );
}
