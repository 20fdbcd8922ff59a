import type { Platform } from "../../lib/platform.ts";

export type Picture = "share" | "menu" | "add" | "icon" | "bar" | "dock" | "browser";

/** One thing to do, with a small picture of where. */
export interface Step {
  picture: Picture;
  words: string;
}

/**
 * What the page says: `app` it runs as the installed app; `done` it was installed just
 * now; `button` the browser installs at a press; `steps` the person does it by hand;
 * `not` it can not be installed here.
 */
export type Guide =
  | { how: "app" | "done" | "button" }
  | { how: "steps"; steps: readonly Step[]; also?: string }
  | { how: "not"; why: string };

interface Situation {
  platform: Platform;
  installed: "app" | "done" | "no";
  offered: boolean;
  /** Whether the page came by https, or from this machine itself. */
  secure: boolean;
}

export function guideFor({ platform, installed, offered, secure }: Situation): Guide {
  if (installed !== "no") return { how: installed };
  if (!secure)
    return {
      how: "not",
      why: "The address of this page does not start with https. Ask your practice for it.",
    };
  if (offered) return { how: "button" };
  if (platform.browser === "inside")
    return {
      how: "not",
      why: `Another app shows this page. Open it in ${usual[platform.system]} and come back here.`,
    };
  return bySystem[platform.system](platform.browser);
}

const usual: Record<Platform["system"], string> = {
  iphone: "Safari",
  ipad: "Safari",
  android: "Chrome",
  mac: "Safari or Chrome",
  desktop: "Chrome or Edge",
};

const last: Step = { picture: "icon", words: "Open Hearth from its icon, and sign in once more." };

function apple(device: string, place: string) {
  return (browser: Platform["browser"]): Guide => ({
    how: "steps",
    steps: [
      {
        picture: "share",
        words:
          browser === "safari"
            ? `Press Share, ${place}.`
            : "Press Share, beside the address. Where it is missing, open this page in Safari.",
      },
      { picture: "add", words: "Scroll down in the list and choose “Add to Home Screen”, then “Add”." },
      last,
    ],
    also: `Notifications on ${device} need the installed app and iOS 16.4 or newer.`,
  });
}

function android(browser: Platform["browser"]): Guide {
  const where =
    browser === "samsung"
      ? "at the bottom right"
      : browser === "firefox"
        ? "beside the address"
        : "at the top right";
  const entry =
    browser === "firefox" ? "“Install” or “Add to Home screen”" : "“Add to Home screen”, then “Install”";
  return {
    how: "steps",
    steps: [
      { picture: "menu", words: `Open the menu of the browser, ${where}.` },
      { picture: "add", words: `Choose ${entry}.` },
      last,
    ],
  };
}

function computer(browser: Platform["browser"]): Guide {
  if (browser !== "chrome" && browser !== "edge")
    return {
      how: "not",
      why: "This browser does not install apps. Hearth works in it all the same; Chrome and Edge can install it.",
    };
  return {
    how: "steps",
    steps: [
      { picture: "bar", words: "Press the small screen with an arrow at the right end of the address bar." },
      {
        picture: "add",
        words:
          "Choose “Install”. Where there is no such picture, it is installed already, or the menu has “Install Hearth”.",
      },
    ],
  };
}

function mac(browser: Platform["browser"]): Guide {
  if (browser !== "safari") return computer(browser);
  return {
    how: "steps",
    steps: [
      { picture: "share", words: "Press Share in the toolbar, or open the File menu." },
      { picture: "dock", words: "Choose “Add to Dock”. This needs macOS 14 or newer." },
      last,
    ],
  };
}

const bySystem: Record<Platform["system"], (browser: Platform["browser"]) => Guide> = {
  iphone: apple("iPhone", "at the bottom of Safari"),
  ipad: apple("iPad", "at the top of Safari"),
  android,
  mac,
  desktop: computer,
};
