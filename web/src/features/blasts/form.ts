import { queryClient } from "../../api/cache.ts";
import { asked, type Choice, everyone, noChoice } from "../../api/choice.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import { clientRecipient, groupRecipient, many, type Recipient } from "../../api/recipients.ts";
import type {
  Attachment,
  Blast,
  BlastDraft,
  Client,
  ClientsFilter,
  Group,
  Recipients,
  Staff,
} from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import type { Outgoing } from "./queries.ts";

/** A blast while it is being written. */
export interface Form {
  /** 0 for one that is not made yet. */
  version: number;
  title: string;
  body: string;
  choice: Choice;
  /** "" for oneself. */
  onBehalfOf: string;
  /** Colleagues who get the replies too. */
  staff: string[];
  /** When it goes; "" for at once. */
  sendAt: string;
  /** Files that the server has, beside those that are being added here. */
  attachments: readonly Attachment[];
}

export const emptyForm: Form = {
  version: 0,
  title: "",
  body: "",
  choice: noChoice,
  onBehalfOf: "",
  staff: [],
  sendAt: "",
  attachments: [],
};

/** Whether there is anything worth keeping. */
export function isBlank(f: Form): boolean {
  return (
    f.title.trim() === "" &&
    f.body.trim() === "" &&
    f.choice.picked.length === 0 &&
    f.attachments.length === 0
  );
}

/** What the server takes of it. */
export function content(f: Form, attachments: readonly Attachment[]): Outgoing {
  return {
    body: f.body.trim(),
    title: f.title.trim(),
    on_behalf_of: f.onBehalfOf || null,
    send_at: f.sendAt || null,
    recipients: asked(f.choice),
    attachment_ids: attachments.map((a) => a.id),
    staff_ids: f.staff,
  };
}

/** More clients than this are one line, not one each. */
const named = 30;

interface Known {
  groups: readonly Group[];
  staff: readonly Staff[];
}

/** Whom the server was asked for, with names again. */
async function chosenAgain(r: Recipients, known: Known): Promise<Choice> {
  const all = everyone(true).filter((e) => e.id === r.all);
  const groups = (r.group_ids ?? []).map((id) => {
    const group = known.groups.find((g) => g.id === id);
    return group ? groupRecipient(group) : many("group", id, "A group that is gone", "");
  });
  const ids = r.client_ids ?? [];
  const clients = ids.length > named ? [listOf(ids)] : await clientsBy(ids);
  const filter = r.filter ? [filterOf(r.filter, known)] : [];
  return {
    picked: [...all, ...groups, ...filter, ...clients],
    without: await clientsBy(r.exclude_ids ?? []),
  };
}

/** Many clients one by one, such as from a file. */
export function listOf(ids: readonly string[], name = "A list of clients"): Recipient {
  return { ...many("list", "list", name, count(ids.length, "client")), ids, size: ids.length };
}

/** The clients that a filter finds. */
export function filterOf(filter: ClientsFilter, known: Known): Recipient {
  return { ...many("filter", "filter", filterWords(filter, known), ""), filter };
}

function filterWords(f: ClientsFilter, { groups, staff }: Known): string {
  const day = (iso: string) => iso.slice(0, 10);
  const words = [
    f.group_id && (groups.find((g) => g.id === f.group_id)?.name ?? "A group"),
    f.provider_id && `with ${staff.find((s) => s.id === f.provider_id)?.name ?? "a provider"}`,
    f.direct && `Direct Messaging ${f.direct}`,
    f.community && `Community Chat ${f.community}`,
    f.seen_after && `seen since ${day(f.seen_after)}`,
    f.seen_before && `not seen since ${day(f.seen_before)}`,
  ].filter(Boolean);
  return `Clients: ${words.join(", ")}`;
}

async function clientsBy(ids: readonly string[]): Promise<Recipient[]> {
  const found = await Promise.all(ids.map((id) => clientBy(id).catch(() => null)));
  return found.map((c, i) =>
    c ? clientRecipient(c) : many("client", ids[i] ?? "", "A client who is gone", ""),
  );
}

function clientBy(id: string): Promise<Client> {
  return queryClient.fetchQuery({
    queryKey: keys.client(id),
    queryFn: () => ask(api.GET("/api/v1/clients/{id}", { params: { path: { id } } })),
    staleTime: 60_000,
  });
}

/** A blast as it stands, to be changed. */
export async function formOf(b: Blast, known: Known): Promise<Form> {
  return {
    version: b.version,
    title: b.title,
    body: b.body,
    choice: await chosenAgain(b.recipients ?? {}, known),
    onBehalfOf: b.on_behalf_of?.id ?? "",
    staff: b.staff.flatMap((p) => p.id ?? []),
    sendAt: b.send_at ?? "",
    attachments: b.attachments,
  };
}

/** What was kept of one that was begun. */
export async function formOfDraft(d: BlastDraft, known: Known): Promise<Form> {
  return {
    ...emptyForm,
    title: d.title,
    body: d.body,
    choice: await chosenAgain(d.recipients ?? {}, known),
    onBehalfOf: d.on_behalf_of ?? "",
    staff: d.staff_ids,
    sendAt: d.send_at && Date.parse(d.send_at) > Date.now() ? d.send_at : "",
    attachments: d.attachments,
  };
}
