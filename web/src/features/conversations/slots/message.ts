import { type ComponentType, lazy } from "react";
import type { Conversation, Me, Message } from "../../../api/types.ts";
import type { BubbleRow } from "../rows.ts";

// Where other chapters put what belongs to a message: one line each. Lines of its menu: messageMenu.ts.

/** The message a menu is about, and who reads it where. */
export interface MessagePorts {
  message: Message;
  conversation: Conversation;
  me: Me;
}

const MessageFiles = lazy(async () => ({
  default: (await import("../files/MessageFiles.tsx")).MessageFiles,
}));

const FromBlast = lazy(async () => ({ default: (await import("../FromBlast.tsx")).FromBlast }));

/** Under a message, for staff: the blast that it is of. */
export const ofBlast: ComponentType<{ blastId: string }> = FromBlast;

/** What a bubble shows of the files it carries; loaded when the first one does. */
export const fileParts: readonly ComponentType<{ row: BubbleRow }>[] = [MessageFiles];
