import { keys } from "../api/keys.ts";
import { type BellNotice, noticeItems, type Notices, withNotice, withRead } from "../api/notices.ts";
import type { LiveContext } from "./context.ts";

/** Something to tell; `sound` where it may be heard. */
export interface NoticeCreated {
  notice: BellNotice;
  /** How many are unread, with this one. */
  unread: number;
  sound: boolean;
}

export interface NoticeRead {
  ids: string[] | null;
  unread: number;
}

type Listener = (told: NoticeCreated | { read: readonly string[] }) => void;
let listener: Listener = () => undefined;

/** Who shows notices, and takes them away when they were read elsewhere. */
export function onNotices(tell: Listener): void {
  listener = tell;
}

export function heardNotice(ctx: LiveContext, created: NoticeCreated): void {
  heardCount(ctx, created.unread);
  ctx.cache.setQueryData<Notices>(keys.notices, (list) => list && withNotice(list, created.notice));
  listener(created);
}

/** What the server counts is so, whatever is being asked at the moment. */
export function heardCount({ cache }: Pick<LiveContext, "cache">, unread: number): void {
  void cache.cancelQueries({ queryKey: keys.noticeCount });
  cache.setQueryData<number>(keys.noticeCount, unread);
}

/** One is told once of a conversation until it is read; what else comes there only counts. */
export function countInNotice(ctx: LiveContext, conversation: string): void {
  const list = ctx.cache.getQueryData<Notices>(keys.notices);
  if (noticeItems(list).some((n) => !n.read && n.conversation_id === conversation)) ctx.refresh(keys.notices);
}

export function heardNoticesRead(ctx: LiveContext, { ids, unread }: NoticeRead): void {
  heardCount(ctx, unread);
  ctx.cache.setQueryData<Notices>(keys.notices, (list) => list && withRead(list, ids ?? []));
  listener({ read: ids ?? [] });
}
