import { keys } from "../api/keys.ts";
import type { Scheduled } from "../api/types.ts";
import { withScheduled } from "../api/writing.ts";
import { say } from "../ui/toast.ts";
import type { LiveContext } from "./context.ts";

/** Something that was scheduled was changed on another device, went, or was skipped. */
export function changeScheduled(ctx: LiveContext, changed: Scheduled): void {
  ctx.cache.setQueryData<Scheduled[]>(keys.scheduled, (all) => all && withScheduled(all, changed));
  if (changed.state === "skipped") say("A scheduled message was not sent. You’ll find it under Scheduled.");
}
