import type { Blast, BlastPreview } from "../../api/types.ts";
import { noor } from "../../test.fixtures.ts";

/** A blast under way. */
export function blast(over: Partial<Blast> = {}): Blast {
  return {
    id: "b-1",
    state: "sending",
    title: "Winter hours and holiday closure",
    body: "Hi {{first_name}}",
    attachments: [],
    sender: noor,
    on_behalf_of: null,
    staff: [],
    recipients: { all: "organization_active" },
    recipients_text: "All active clients",
    total: 10,
    sent: 4,
    skipped: 1,
    pending: 5,
    read: 2,
    replied: 1,
    skipped_why: { direct_off: 1 },
    created_at: "2026-11-20T17:57:00Z",
    send_at: null,
    grace_until: null,
    started_at: "2026-11-20T17:58:00Z",
    finished_at: null,
    stopped_by: null,
    seconds_left: 120,
    version: 1,
    may: { edit: false, pause: true, resume: false, cancel: true },
    ...over,
  };
}

export function preview(over: Partial<BlastPreview> = {}): BlastPreview {
  return {
    chosen: 43,
    reachable: 39,
    community_reachable: 36,
    unavailable: [],
    unavailable_count: 4,
    why: { direct_off: 4 },
    example: { client_id: "c", name: "Tobias Adeyemi", first_name: "Tobias", provider: "Noor Haddad" },
    confirm_above: 50,
    allowance: { limit: 5_000, used: 0 },
    token: "t",
    ...over,
  };
}
