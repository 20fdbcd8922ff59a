import type { ComponentType } from "react";
import type { Attachment } from "../../api/types.ts";

/** What adding files needs to know: to what they belong. */
export interface FilePorts {
  conversation: { id: string };
  focus(): void;
}

/** What writing a blast takes from the chapter about conversations; the app puts them together. */
export interface WritingParts {
  /** Buttons that add files. */
  Attach: ComponentType<{ ports: FilePorts }>;
  /** The files that are being added, with their progress. */
  Files: ComponentType<{ ports: FilePorts }>;
  /** Which of them are stored, and whether sending must wait. */
  useFiles(id: string): { attachments: readonly Attachment[]; busy: boolean };
  /** They went out, or were given up. */
  forget(id: string): void;
}
