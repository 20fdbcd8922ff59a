import type { ComponentType } from "react";
import type { Conversation } from "../../../api/types.ts";
import { AttachTools } from "../files/AttachTools.tsx";
import { takeFiles as take } from "../files/files.ts";
import { FileStrip } from "../files/FileStrip.tsx";
import { SharedIn } from "../sharing/SharedIn.tsx";
import { NoteTool } from "../team/NoteParts.tsx";
import { ScheduleButton, scheduleKey } from "../writing/ScheduleButton.tsx";
import { ScheduledStrip } from "../writing/ScheduledStrip.tsx";
import { TemplateTool } from "../writing/TemplateTool.tsx";

// Where other chapters put what belongs to writing a message: one line each. What is
// heavy is loaded lazily, so that the inbox stays light.

/** What a part of the composer may see and do. */
export interface ComposerPorts {
  conversation: Conversation;
  text: string;
  /** Whether the text could be sent now as it stands. */
  sendable: boolean;
  setText(text: string): void;
  /** Puts text in the place of what is selected, or at the cursor; a part of it may be selected then. */
  insert(text: string, select?: string): void;
  /** What would be sent now, as the server takes it. */
  outgoing(): { body: string; replyTo: string | null; onBehalfOf: string | null; attachments: string[] };
  focus(): void;
  /** Empties the composer after its text went out by another way, such as scheduling. */
  sent(): void;
}

export type ComposerPart = ComponentType<{ ports: ComposerPorts }>;

/** The buttons at the left of the bar, before "on behalf of": attach, then template. */
export const tools: readonly ComposerPart[] = [AttachTools, TemplateTool, NoteTool];

/** Joined to the right of Send: schedule. */
export const sendParts: readonly ComposerPart[] = [ScheduleButton];

/** In the box, above the text: files that are being stored or wait to go. */
export const boxParts: readonly ComposerPart[] = [SharedIn, FileStrip];

/** Above the box: what one should know before writing. */
export const aboveParts: readonly ComposerPart[] = [ScheduledStrip];

/** Takes files that were dropped on the thread or pasted; null while nobody does. */
export const takeFiles: ((ports: ComposerPorts, files: readonly File[]) => void) | null = take;

/** Keys of the text field beside those of the composer itself; true when one was taken. */
export const keyParts: readonly ((ports: ComposerPorts, event: KeyboardEvent) => boolean)[] = [scheduleKey];
