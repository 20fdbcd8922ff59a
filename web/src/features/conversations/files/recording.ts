import { createStore } from "../../../lib/store.ts";

/** What is being recorded, in which conversation, since when. */
export interface Recording {
  conversation: string;
  since: number;
  /** Ends it, to keep what there is or to forget it. */
  stop(keep: boolean): void;
}

export const recording = createStore<Recording | null>(null);

/** Whether this browser can; how it records (recorder.ts) is loaded when somebody does. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && Boolean(navigator.mediaDevices?.getUserMedia);
}
