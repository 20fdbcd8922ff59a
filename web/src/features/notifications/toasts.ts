import type { BellNotice } from "../../api/notices.ts";
import { createStore } from "../../lib/store.ts";

/** More would hide what one works on; the bell has them all. */
const most = 3;

/** The notices in sight, newest first. */
export const noticeToasts = createStore<readonly BellNotice[]>([]);

export function showNotice(notice: BellNotice): void {
  noticeToasts.update((shown) =>
    [notice, ...shown.filter((n) => n.conversation_id !== notice.conversation_id)].slice(0, most),
  );
}

export function dropNotices(gone: (n: BellNotice) => boolean): void {
  noticeToasts.update((shown) => (shown.some(gone) ? shown.filter((n) => !gone(n)) : shown));
}
