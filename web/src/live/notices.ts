import { keys } from "../api/keys.ts";
import { type BellNotice, type Notices, withNotice, withRead } from "../api/notices.ts";
import type { LiveContext } from "./context.ts";

/** Something to tell; `sound` where it may be heard. */
export interface NoticeCreated {
  notice: BellNotice;
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
  const list = ctx.cache.getQueryData<Notices>(keys.notices);
  const next = list && withNotice(list, created.notice);
  if (next) ctx.cache.setQueryData(keys.notices, next);
  else ctx.refresh(keys.notices);
  listener(created);
}

export function heardNoticesRead(ctx: LiveContext, { ids, unread }: NoticeRead): void {
  ctx.cache.setQueryData<Notices>(keys.notices, (list) => list && withRead(list, ids ?? [], unread));
  listener({ read: ids ?? [] });
}
