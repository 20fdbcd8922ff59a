import type { Invitation } from "../api/types.ts";
import { dateTime } from "../lib/time.ts";
import { CopyField } from "./CopyField.tsx";
import { Callout } from "./States.tsx";

/** What came of an invitation: mailed, or a link to hand over. */
export function InviteLink({ invitation, name }: { invitation: Invitation; name: string }) {
  const { link } = invitation;
  if (!link) {
    return (
      <Callout tone="pine" icon="mail" live="status">
        We sent {name} an email with a link. It works until {dateTime(invitation.expires_at)}.
      </Callout>
    );
  }
  return (
    <>
      <Callout tone="amber" icon="key-round" live="status">
        Give this link to {name} in person or by phone. Whoever opens it first can choose the password, and it
        works until {dateTime(invitation.expires_at)}.
      </Callout>
      <CopyField label={`Invitation link for ${name}`} value={link} copied="Link copied." />
    </>
  );
}
