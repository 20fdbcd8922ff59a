import { lazy } from "react";
import { isClient, useMe } from "../api/session.ts";
import { SettingsFrame } from "./settings.tsx";

const InstallPage = lazy(async () => ({
  default: (await import("../features/install/InstallPage.tsx")).InstallPage,
}));
const SharePage = lazy(async () => ({
  default: (await import("../features/conversations/sharing/SharePage.tsx")).SharePage,
}));

const anyone = () => true;

/** Staff have it among their settings; clients come from You. */
function Install() {
  return isClient(useMe()) ? (
    <InstallPage />
  ) : (
    <SettingsFrame>
      <InstallPage />
    </SettingsFrame>
  );
}

/** What belongs to Hearth as an app: installing it, and files that other apps share with it. */
export const appRoutes = [
  { pattern: "/settings/app", title: "Hearth as an app", open: anyone, show: () => <Install /> },
  { pattern: "/share", title: "Share files", open: anyone, show: () => <SharePage /> },
];
