import { queryClient } from "../../api/cache.ts";
import { type Preferences, preferencesQuery } from "../../api/preferences.ts";
import { openElection } from "../../lib/election.ts";
import { inQuiet } from "../../lib/quiet.ts";
import { mayPlay, play } from "../../lib/sound.ts";
import type { NoticeCreated } from "../../live/notices.ts";
import { announce } from "../../live/status.ts";
import { showNotice } from "./toasts.ts";
import { noticeWords } from "./words.ts";

const election = openElection("BroadcastChannel" in window ? new BroadcastChannel("hearth.notices") : null);

/** Whether this window shows the conversation to somebody who looks at it. */
function looksAt(conversation: string): boolean {
  return (
    window.location.pathname === `/inbox/${conversation}` &&
    document.visibilityState === "visible" &&
    document.hasFocus()
  );
}

/** Shows what came, and lets it be heard in one window of this browser. */
export async function tell({ notice, sound }: NoticeCreated): Promise<void> {
  if (notice.read) return;
  const here = looksAt(notice.conversation_id);
  if (!here) showNotice(notice);
  // Messages are read out as they come; only what is none has no other voice.
  if (notice.kind === "reminder") announce(`${noticeWords(notice)}: ${notice.title}`);
  if (!sound) return;
  // Whoever looks at it takes part, so that no other window makes a sound of it.
  const rank = here ? -1 - Math.random() : mayPlay() ? Math.random() : 1 + Math.random();
  const mine = await election.mine(`${notice.id}:${notice.at}:${notice.count}`, rank);
  if (mine && !here) await ring();
}

async function ring(): Promise<void> {
  const chosen = await preferences();
  if (!chosen || chosen.sound === "none") return;
  if (inQuiet(chosen.quiet, chosen.time_zone, new Date())) return;
  await play(chosen.sound);
}

async function preferences(): Promise<Preferences | null> {
  try {
    return await queryClient.ensureQueryData({ ...preferencesQuery, revalidateIfStale: true });
  } catch {
    return null;
  }
}
