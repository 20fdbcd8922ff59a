import { lazy, Suspense, useRef, useState } from "react";
import { mayModerate, useOpenReports } from "../api/reports.ts";
import { can, isClient, useMe } from "../api/session.ts";
import type { Me } from "../api/types.ts";
import { signOut } from "../features/session/mutations.ts";
import { Link, navigate } from "../lib/router.tsx";
import { useStore } from "../lib/store.ts";
import { setTheme, type Theme, theme } from "../lib/theme.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Brand } from "../ui/Brand.tsx";
import { cx } from "../ui/cx.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { useBlastsOffered } from "./blasts.tsx";
import { BellAt } from "./notices.tsx";
import styles from "./Shell.module.css";

const Menu = lazy(async () => ({ default: (await import("../ui/Menu.tsx")).Menu }));

interface Place {
  href: string;
  label: string;
  icon: IconName;
  /** Below the gap on the rail. */
  low?: boolean;
  /** Not in the bar of a phone. */
  desk?: boolean;
  badge?: number;
  /** What the badge counts. */
  counts?: string;
}

/** The places a person may go; what the server does not allow is not offered. */
function places(me: Me, unread: number, reports: number, blasts: boolean): Place[] {
  if (isClient(me)) return [{ href: "/inbox", label: "Chat", icon: "message-circle", badge: unread }];
  const all: (Place | false)[] = [
    { href: "/inbox", label: "Inbox", icon: "inbox", badge: unread },
    { href: "/clients", label: "Clients", icon: "users-round" },
    { href: "/team", label: "Team", icon: "stethoscope", desk: blasts || mayManageAccess(me) },
    blasts && { href: "/blasts", label: "Blasts", icon: "megaphone" },
    mayManageAccess(me) && { href: "/access", label: "Access", icon: "toggle-right" },
    // A phone finds it in the details of a chat.
    mayModerate(me) && {
      href: "/reports",
      label: "Reports",
      icon: "shield-check",
      desk: true,
      badge: reports,
      counts: "open",
    },
    can(me, "read_audit_log") && {
      href: "/audit",
      label: "Audit log",
      icon: "scroll-text",
      low: true,
      desk: true,
    },
    { href: settingsHome(me), label: "Settings", icon: "settings", low: true },
  ];
  return all.filter((p) => p !== false);
}

export function mayConfigure(me: Me): boolean {
  return can(me, "manage_settings");
}

export function mayManageAccess(me: Me): boolean {
  return !isClient(me) && can(me, "manage_chat_access");
}

/** Who sets the defaults for new clients: the practice's, or a provider their own. */
export function mayOpenSettings(me: Me): boolean {
  return mayConfigure(me) || isProvider(me);
}

function isProvider(me: Me): boolean {
  return "role" in me.user && me.user.role === "provider";
}

function settingsHome(me: Me): string {
  if (mayConfigure(me)) return "/settings";
  return isProvider(me) ? "/settings/chat/journal-entries" : "/settings/chat/templates";
}

export function Rail({
  path,
  unread,
  openShortcuts,
}: {
  path: string;
  unread: number;
  openShortcuts(): void;
}) {
  const me = useMe();
  const all = places(me, unread, useOpenReports(me), useBlastsOffered(me));
  const item = (place: Place) => (
    <Link
      key={place.href}
      className={cx(styles["nav"], place.desk && styles["desk"])}
      href={place.href}
      aria-current={isAt(path, place.href) ? "page" : undefined}
    >
      <Icon name={place.icon} size={20} />
      <span>{place.label}</span>
      {place.badge !== undefined && (
        <Badge className={styles["badge"]} count={place.badge} label={place.counts ?? "unread"} />
      )}
    </Link>
  );
  return (
    <nav className={styles["rail"]} aria-label="Main">
      <Link className={styles["brand"]} href="/inbox" aria-label="Hearth home">
        <Brand />
      </Link>
      {all.filter((p) => !p.low).map(item)}
      <span className={styles["push"]} />
      {all.filter((p) => p.low).map(item)}
      <BellAt place="rail" />
      <Link
        className={cx(styles["nav"], styles["you"])}
        href="/account"
        aria-current={path === "/account" ? "page" : undefined}
      >
        <Icon name="user-round" size={20} />
        <span>You</span>
      </Link>
      <Profile openShortcuts={openShortcuts} />
    </nav>
  );
}

function isAt(path: string, href: string): boolean {
  const root = href.startsWith("/settings") ? "/settings" : href;
  // That report is a page of the settings; the other reports are what members reported.
  if (path === "/reports/first-response") return root === "/settings";
  return path === root || path.startsWith(`${root}/`);
}

const themes = [
  { id: "system", label: "As this device", icon: "monitor" },
  { id: "light", label: "Light", icon: "sun" },
  { id: "dark", label: "Dark", icon: "moon" },
] as const;

function Profile({ openShortcuts }: { openShortcuts(): void }) {
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const chosen = useStore(theme, (t) => t);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles["me"]}
        aria-label={`Your account: ${me.user.name}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Avatar name={me.user.name} size={36} />
      </button>
      {open && (
        <Suspense>
          <Menu
            label="Your account"
            trigger={button}
            placement="right bottom"
            close={() => setOpen(false)}
            head={
              <>
                <b>{me.user.name}</b>
                <small>
                  {me.user.email}
                  <br />
                  {me.organization.name}
                </small>
              </>
            }
            choice={{
              title: "Appearance",
              selected: chosen,
              options: themes,
              choose: (id) => setTheme(id as Theme),
            }}
            entries={[
              [
                {
                  id: "account",
                  label: "Account and password",
                  icon: "key-round",
                  act: () => navigate("/account"),
                },
                {
                  id: "notifications",
                  label: "Notifications",
                  icon: "bell",
                  act: () => navigate("/settings/notifications"),
                },
                { id: "keys", label: "Keyboard shortcuts", icon: "keyboard", act: openShortcuts },
              ],
              [{ id: "out", label: "Sign out", icon: "log-out", act: () => void signOut() }],
            ]}
          />
        </Suspense>
      )}
    </>
  );
}
