import { asked } from "../../api/choice.ts";
import type { Form } from "./form.ts";
import type { Outgoing } from "./queries.ts";

/** Only what was changed, so that what somebody else changed stays. */
export function changes(e: Partial<Form>, attachments: readonly { id: string }[] | null): Partial<Outgoing> {
  return {
    ...(e.title !== undefined && { title: e.title.trim() }),
    ...(e.body !== undefined && { body: e.body.trim() }),
    ...(e.choice && { recipients: asked(e.choice) }),
    ...(e.onBehalfOf !== undefined && { on_behalf_of: e.onBehalfOf || null }),
    ...(e.staff && { staff_ids: e.staff }),
    ...(e.sendAt !== undefined && { send_at: e.sendAt || null }),
    ...(attachments && { attachment_ids: attachments.map((a) => a.id) }),
  };
}
