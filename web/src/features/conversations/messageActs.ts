import { createContext, use } from "react";
import type { Person } from "../../api/types.ts";

/** What can be done with the messages of a thread; the same object while nothing of it changes. */
export interface MessageActs {
  /** The person may write here: answer, react, edit. */
  mayWrite: boolean;
  mayReadVersions: boolean;
  reply(id: string): void;
  /** Opens the menu of a message at an element. */
  menu(id: string, anchor: HTMLElement): void;
  /** Opens the choice of reactions at an element. */
  pick(id: string, anchor: HTMLElement): void;
  /** Puts one's sign on a message or takes it off. */
  react(id: string, emoji: string): void;
  remove(id: string): void;
  versions(id: string): void;
  readBy(id: string): void;
  jump(seq: number): void;
  toDate(): void;
  /** Who somebody is, as the reader may see them. */
  nameOf(user: string, mentions?: readonly Person[]): string;
}

const nothing = () => undefined;

/** For a bubble that is only to be looked at. */
const still: MessageActs = {
  mayWrite: false,
  mayReadVersions: false,
  reply: nothing,
  menu: nothing,
  pick: nothing,
  react: nothing,
  remove: nothing,
  versions: nothing,
  readBy: nothing,
  jump: nothing,
  toDate: nothing,
  nameOf: (user, mentions = []) => mentions.find((p) => p.id === user)?.name ?? "someone",
};

export const ActsContext = createContext<MessageActs>(still);

export function useActs(): MessageActs {
  return use(ActsContext);
}
