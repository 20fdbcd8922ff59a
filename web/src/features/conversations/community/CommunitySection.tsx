import { useOpenReports } from "../../../api/reports.ts";
import { useGroups } from "../../../api/directory.ts";
import { isClient, useMe } from "../../../api/session.ts";
import type { Conversation } from "../../../api/types.ts";
import { count } from "../../../lib/text.ts";
import { Button, ButtonLink } from "../../../ui/Button.tsx";
import styles from "./Community.module.css";
import { keepsCommunity, openCommunitySettings } from "./entries.tsx";
import { rulesWords } from "./rules.ts";

/** How this community chat works, and for clients the name that others see of them. */
export function CommunitySection({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const client = isClient(me);
  const rules = c.community;
  const followed = (rules?.in_step_group_ids.length ?? 0) > 0;
  const { data: groups } = useGroups(followed && !client);
  const open = useOpenReports(me);
  if (!rules) return null;
  const lines = rulesWords(rules, groups ?? [], client);
  return (
    <section aria-label="This chat">
      <h3>This chat</h3>
      <ul className={styles["rules"]}>
        {client && rules.shown_as && (
          <li>
            Others here see you as <b>{rules.shown_as}</b>.
          </li>
        )}
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {lines.length === 0 && !client && <li>Everyone can post, and sees who is in it.</li>}
      </ul>
      {keepsCommunity(c, me) && (
        <div className={styles["acts"]}>
          <Button size="small" icon="settings" onClick={() => openCommunitySettings(c)}>
            Chat settings
          </Button>
          {open > 0 && (
            <ButtonLink size="small" icon="shield-check" href="/reports">
              {count(open, "report")}
            </ButtonLink>
          )}
        </div>
      )}
    </section>
  );
}
