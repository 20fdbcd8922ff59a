import type { ReactNode } from "react";
import { Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Callout } from "../../ui/States.tsx";

/** A page under Settings > Chat. */
export function ChatSettingsPage(props: { title: string; lede: string; children: ReactNode }) {
  return (
    <Page
      {...props}
      narrow
      above={
        <nav className={page["crumbs"]} aria-label="Breadcrumb">
          Settings <span aria-hidden="true">›</span> Chat
        </nav>
      }
    />
  );
}

/** Somebody saved these settings while there were edits here. */
export function Overtaken({ form, now }: { form: { overtaken: boolean }; now: string }) {
  if (!form.overtaken) return null;
  return (
    <Callout tone="amber" icon="circle-alert" live="alert">
      <b>Someone changed this a moment ago.</b> Review that change before you save. {now}
    </Callout>
  );
}
