import { useEffect, useState } from "react";
import { fileUrl } from "./words.ts";

// Nothing of a client may stay in the browser's cache, and a thread shows the same small
// pictures again and again while one scrolls: the last of them are held in memory.

const most = 120;
const kept = new Map<string, Promise<string>>();

function thumbnail(id: string): Promise<string> {
  const found = kept.get(id);
  if (found) {
    kept.delete(id); // the latest stands last
    kept.set(id, found);
    return found;
  }
  const made = load(id);
  kept.set(id, made);
  made.catch(() => kept.delete(id));
  const [oldest] = kept.keys();
  if (kept.size > most && oldest) drop(oldest);
  return made;
}

async function load(id: string): Promise<string> {
  const answer = await fetch(fileUrl({ id }, "thumbnail"), { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`thumbnail: ${answer.status}`);
  return URL.createObjectURL(await answer.blob());
}

function drop(id: string): void {
  const gone = kept.get(id);
  kept.delete(id);
  gone?.then(URL.revokeObjectURL).catch(() => undefined);
}

/** The address of a small picture, by the id of its file or "" for none, once it is there; gone when there is none for this reader. */
export function useThumbnail(id: string): { url: string; gone: boolean } {
  const [state, setState] = useState({ id, url: "", gone: false });
  useEffect(() => {
    if (id === "") return;
    let here = true;
    const tell = (url: string, gone: boolean) => here && setState({ id, url, gone });
    thumbnail(id).then(
      (url) => tell(url, false),
      () => tell("", true),
    );
    return () => {
      here = false;
    };
  }, [id]);
  return state.id === id ? state : { url: "", gone: false };
}
