/**
 * The first part of every address that is a page of the app. The service worker
 * answers these from the device; whatever else the server has at its root goes
 * to the server. A test holds the routes to this list.
 */
export const places: readonly string[] = [
  "",
  "access",
  "account",
  "audit",
  "blasts",
  "clients",
  "first-run",
  "forgot",
  "go",
  "inbox",
  "invite",
  "reports",
  "reset",
  "settings",
  "share",
  "sign-in",
  "team",
];
