import { useStaff } from "../../api/directory.ts";
import { useMe } from "../../api/session.ts";
import type { Attachment, BlastPreview } from "../../api/types.ts";
import { callName } from "../../lib/text.ts";
import { dayLabel, clock } from "../../lib/time.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Markdown } from "../../ui/Markdown.tsx";
import styles from "./Blasts.module.css";
import compose from "./Compose.module.css";
import { filled } from "./fields.ts";
import type { Form } from "./form.ts";

interface PreviewProps {
  form: Form;
  attachments: readonly Attachment[];
  example: BlastPreview["example"];
}

/** The message as one of its readers will see it, while it is written. */
export function PreviewCard({ form, attachments, example }: PreviewProps) {
  const me = useMe();
  const { data: staff } = useStaff();
  const from = staff?.find((s) => s.id === (form.onBehalfOf || me.user.id));
  const name = from?.name ?? me.user.name;
  const practice = me.organization.name;
  const reader = example?.first_name ?? "each person";
  const body = filled(form.body, {
    first_name: example?.first_name ?? "Maya",
    provider: example?.provider ?? name,
    practice,
  }).trim();
  return (
    <aside className={compose["preview"]} aria-label="Preview">
      <h2>What {reader} will see</h2>
      <div className={compose["device"]}>
        <div className={compose["deviceHead"]}>
          <Avatar name={name} size={36} />
          <span>
            <b>{name}</b>
            <small>{from?.title ? `${from.title}, ${practice}` : practice}</small>
          </span>
        </div>
        <div className={compose["deviceBody"]}>
          <p className={compose["day"]}>{timeWords(form.sendAt, me.organization.time_zone)}</p>
          {form.onBehalfOf && (
            <p className={compose["behalf"]}>
              <b>{me.user.name}</b> on behalf of {name}
            </p>
          )}
          {body !== "" && (
            <div className={compose["bubble"]} data-preview>
              <Markdown body={body} mention={(user) => user} />
            </div>
          )}
          {attachments.map((a) => (
            <div key={a.id} className={compose["bubble"]}>
              <Icon name="paperclip" size={14} /> {a.name}
            </div>
          ))}
          {body === "" && attachments.length === 0 && <p className={styles["quiet"]}>Nothing written yet.</p>}
          <div className={compose["pill"]} aria-hidden="true">
            Message {callName(name)}
          </div>
        </div>
      </div>
    </aside>
  );
}

function timeWords(sendAt: string, zone: string): string {
  return sendAt ? `${dayLabel(sendAt, new Date(), zone)}, ${clock(sendAt, zone)}` : "Now";
}
