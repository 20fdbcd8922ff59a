import type { ReactNode } from "react";
import { Loaded } from "../../../ui/States.tsx";
import { useSettings } from "../../../ui/useSettings.tsx";
import panel from "../Panel.module.css";
import { noClientForm, noGroupForm } from "./forms.ts";
import {
  useClientNotifications,
  useGroupNotifications,
  useSaveClientNotifications,
  useSaveGroupNotifications,
} from "./queries.ts";

/** A client's notification settings as they are edited; they may come after the rest of the panel. */
export function useClientForm(id: string) {
  const query = useClientNotifications(id);
  return { query, form: useSettings(query.data ?? noClientForm, useSaveClientNotifications(id)) };
}

export function useGroupForm(id: string) {
  const query = useGroupNotifications(id);
  return { query, form: useSettings(query.data ?? noGroupForm, useSaveGroupNotifications(id)) };
}

interface SectionProps {
  of: { query: Parameters<typeof Loaded>[0]["query"]; form: { base: { version: number } } };
  children: ReactNode;
}

/** The part of Chat Settings that is about being told, below the part that is about who may chat. */
export function NotificationsSection({ of: { query, form }, children }: SectionProps) {
  return (
    <section className={panel["stack"]} aria-label="Adjust Chat Notifications">
      <h3 style={{ margin: 0 }}>Adjust Chat Notifications</h3>
      <Loaded query={query} what="the notification settings" rows={2}>
        {() => form.base.version > 0 && children}
      </Loaded>
    </section>
  );
}
