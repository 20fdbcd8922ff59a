import { useNoticeCount } from "../../api/notices.ts";
import { useStore } from "../../lib/store.ts";
import { liveStatus } from "../../live/status.ts";

/** How many notices have not been seen, as the live connection tells. */
export function useUnread(): number {
  return useNoticeCount(useStore(liveStatus, (s) => s === "lost"));
}
