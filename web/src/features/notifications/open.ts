import { type BellNotice, markNotices } from "../../api/notices.ts";

/** Somebody goes to what a notice is about: it is read. A failure shows as its mark coming back. */
export function openNotice(n: BellNotice): void {
  if (!n.read) markNotices([n.id]).catch(() => undefined);
}
