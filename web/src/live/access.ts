import { keys } from "../api/keys.ts";
import type { Client, Conversation, Me, Member } from "../api/types.ts";
import type { LiveContext } from "./context.ts";
import type { AccessChanged } from "./events.ts";
import { type Inbox, mapInbox } from "./inbox.ts";

/**
 * A switch was turned somewhere. What goes off goes off at once, on the
 * server's word; what comes on waits for the server to say what may be done
 * now, because more than the switch can stand in the way. Everything that
 * shows access is asked for again.
 */
export function changeAccess(ctx: LiveContext, change: AccessChanged): void {
  const id = change.client_id ?? ctx.meId;
  ctx.cache.setQueryData<Me | null>(keys.me, (me) => (me ? withOwnAccess(me, change) : me));
  eachConversation(ctx, (c) => withAccess(c, id, ctx.meId, change));
  ctx.cache.setQueryData<Client>(
    keys.client(id),
    (c) =>
      c && { ...c, chat_access: { ...c.chat_access, direct: change.direct, community: change.community } },
  );
  for (const key of [
    keys.me,
    keys.inboxes,
    keys.conversations,
    keys.threads,
    keys.allFiles,
    keys.clientLists,
    keys.client(id),
    keys.access,
    keys.blastPreviews,
    keys.counts,
  ])
    ctx.refresh(key);
}

function withOwnAccess(me: Me, change: AccessChanged): Me {
  if (!me.chat) return me;
  const { direct, community } = change;
  return {
    ...me,
    chat: {
      direct,
      community,
      notice: change.notice ?? me.chat.notice,
      community_notice: change.community_notice ?? me.chat.community_notice,
    },
  };
}

function eachConversation(ctx: LiveContext, patch: (c: Conversation) => Conversation): void {
  for (const [key, c] of ctx.cache.getQueriesData<Conversation>({ queryKey: keys.conversations })) {
    if (c) ctx.cache.setQueryData(key, patch(c));
  }
  for (const [key, inbox] of ctx.cache.getQueriesData<Inbox>({ queryKey: keys.inboxes })) {
    if (inbox) ctx.cache.setQueryData(key, mapInbox(inbox, patch));
  }
}

/** A conversation after a client's switches were turned, as far as that is certain from here. */
function withAccess(c: Conversation, clientId: string, meId: string, change: AccessChanged): Conversation {
  const client = c.members.find((m) => m.user_id === clientId);
  if (!client) return c;
  const own = clientId === meId;
  const off = c.kind === "direct" ? !change.direct : c.kind === "community" && own && !change.community;
  const members = own ? c.members : c.members.map((m) => withMember(m, clientId, change));
  if (!off) return own ? c : { ...c, members };
  // By whom and why follows with the refresh.
  return { ...c, members, can_send: false, cannot_send_code: "chat_unavailable" };
}

function withMember(m: Member, clientId: string, { direct, community }: AccessChanged): Member {
  return m.user_id === clientId ? { ...m, chat: { direct, community } } : m;
}
