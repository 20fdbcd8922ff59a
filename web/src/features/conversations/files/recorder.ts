import { recording } from "./recording.ts";

/** A recording ends by itself after this long. */
const longestRecording = 10 * 60_000;

/** What browsers record, what plays on the most devices first; each browser has its own. */
const types: readonly (readonly [type: string, extension: string])[] = [
  ["audio/mp4;codecs=mp4a.40.2", "m4a"],
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
];

/** Records until it is stopped; done gets the file of what was kept. */
export async function startRecording(conversation: string, done: (file: File) => void): Promise<void> {
  if (recording.get()) return;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const [type, extension] = types.find(([t]) => MediaRecorder.isTypeSupported(t)) ?? ["", "webm"];
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 48_000 } : {});
  const parts: Blob[] = [];
  let keep = false;
  const stop = (kept: boolean) => {
    keep = kept;
    if (recorder.state !== "inactive") recorder.stop();
  };
  const timer = setTimeout(() => stop(true), longestRecording);
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => {
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    recording.set(null);
    const sound = parts[0]?.type || type;
    if (keep) done(new File(parts, `Voice message.${extension}`, { type: sound.split(";")[0] ?? "" }));
  });
  recorder.start();
  recording.set({ conversation, since: Date.now(), stop });
}

/** Why there is no microphone, in words. */
export function microphoneWords(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError")
    return "The microphone is not allowed here. Allow it in the browser’s settings and try again.";
  if (name === "NotFoundError") return "No microphone was found.";
  return "The microphone could not be used. Another program may have it.";
}
