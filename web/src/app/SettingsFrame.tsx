import { type ReactNode, useEffect, useRef } from "react";
import { can, useMe } from "../api/session.ts";
import { Link, usePath } from "../lib/router.tsx";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { mayConfigure, mayOpenSettings } from "./Rail.tsx";
import styles from "./SettingsFrame.module.css";

/** The settings with their own list of pages beside them. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const me = useMe();
  const all = mayConfigure(me);
  return (
    <div className={styles["frame"]}>
      <nav className={styles["nav"]} aria-label="Settings">
        <h2>Settings</h2>
        <ul>
          {all && <Item href="/settings" icon="building-2" label="Practice" />}
          <Item href="/team" icon="stethoscope" label="Team" />
          <Item href="/settings/app" icon="download" label="App" />
          <Item href="/settings/notifications" icon="bell" label="Notifications" />
          <li>
            <span className={styles["group"]}>
              <Icon name="message-circle" />
              Chat
            </span>
            <ul>
              {mayOpenSettings(me) && <Item href="/settings/chat/journal-entries" label="Journal Entries" />}
              {all && <Item href="/settings/chat/notifications" label="Chat notifications" />}
              {all && <Item href="/settings/chat/notices" label="Notices and hours" />}
              {all && <Item href="/settings/chat/messages" label="Messages and names" />}
              {all && <Item href="/settings/chat/blasts" label="Message Blasts" />}
              <Item href="/settings/chat/templates" label="Templates" />
              <Item href="/settings/chat/away" label="Away replies" />
              <Item href="/settings/chat/welcome" label="Welcome message" />
            </ul>
          </li>
          {all && <Item href="/settings/unanswered" icon="clock" label="Unanswered" />}
          <Item href="/reports/first-response" icon="calendar-clock" label="First response" />
          <Item href="/clients/groups" icon="layers" label="Client groups" />
          {all && <Item href="/settings/webhooks" icon="webhook" label="Webhooks" within />}
          {can(me, "read_audit_log") && <Item href="/audit" icon="scroll-text" label="Audit log" />}
        </ul>
      </nav>
      {children}
    </div>
  );
}

interface ItemProps {
  href: string;
  icon?: IconName;
  label: string;
  /** The pages below it count as it. */
  within?: boolean;
}

function Item({ href, icon, label, within = false }: ItemProps) {
  const path = usePath();
  const here = path === href || path === `${href}/history` || (within && path.startsWith(`${href}/`));
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // On a phone the list is a strip that may be wider than the screen.
    if (here) item.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  return (
    <li ref={item}>
      <Link href={href} aria-current={here ? "page" : undefined}>
        {icon && <Icon name={icon} />}
        {label}
      </Link>
    </li>
  );
}
