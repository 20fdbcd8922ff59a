import { createStore, without } from "../lib/store.ts";

/** Who is typing where, by conversation and person; kept only as long as it is fresh. */
type Typing = Readonly<Record<string, Readonly<Record<string, { name: string; until: number }>>>>;

export const typing = createStore<Typing>({});

/** How long "is typing" stays after the last word of it. */
const typingShown = 6_000;

export function startedTyping(conversation: string, id: string, name: string): void {
  const until = Date.now() + typingShown;
  typing.update((all) => ({ ...all, [conversation]: { ...all[conversation], [id]: { name, until } } }));
  setTimeout(sweepTyping, typingShown + 50);
}

/** A message of theirs arrived: they are done. */
export function stoppedTyping(conversation: string, id: string): void {
  const people = typing.get()[conversation];
  if (!people || !(id in people)) return;
  typing.update((all) => ({ ...all, [conversation]: without(people, id) }));
}

function sweepTyping(now: number = Date.now()): void {
  typing.update((all) => {
    const kept = Object.entries(all).map(([conversation, people]) => [
      conversation,
      Object.fromEntries(Object.entries(people).filter(([, t]) => t.until > now)),
    ]);
    return Object.fromEntries(kept.filter(([, people]) => Object.keys(people as object).length > 0));
  });
}

/** How far others have read, by conversation and person, as heard since the page was opened. */
export const reads = createStore<Readonly<Record<string, Readonly<Record<string, number>>>>>({});

export function heardRead(conversation: string, user: string, seq: number): void {
  reads.update((all) => {
    const known = all[conversation]?.[user] ?? 0;
    if (seq <= known) return all;
    return { ...all, [conversation]: { ...all[conversation], [user]: seq } };
  });
}
