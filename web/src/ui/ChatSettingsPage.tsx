import type { ReactNode } from "react";
import { Link } from "../lib/router.tsx";
import { Page } from "./Page.tsx";
import page from "./Page.module.css";
import { Callout } from "./States.tsx";

interface FrameProps {
  title: string;
  lede: string;
  /** Where “Settings” leads, for who may go there. */
  settings?: string;
  children: ReactNode;
}

/** A page under Settings > Chat. */
export function ChatSettingsPage({ settings, ...props }: FrameProps) {
  return (
    <Page
      {...props}
      narrow
      above={
        <nav className={page["crumbs"]} aria-label="Breadcrumb">
          {settings ? <Link href={settings}>Settings</Link> : "Settings"} <span aria-hidden="true">›</span>{" "}
          Chat
        </nav>
      }
    />
  );
}

/** Somebody saved these settings while there were edits here; what is so now, where that can be said. */
export function Overtaken({ form, now }: { form: { overtaken: boolean }; now?: string }) {
  if (!form.overtaken) return null;
  return (
    <Callout tone="amber" icon="circle-alert" live="alert">
      <b>Someone changed this a moment ago.</b> Review that change before you save. {now}
    </Callout>
  );
}
