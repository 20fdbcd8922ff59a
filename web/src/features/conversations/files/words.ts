import type { Attachment } from "../../../api/types.ts";

/** What a file is, for people and for choosing how it is shown. */
export type Sort = "picture" | "sound" | "document";

export function sortOf(mediaType: string): Sort {
  if (mediaType.startsWith("image/")) return "picture";
  if (mediaType.startsWith("audio/")) return "sound";
  return "document";
}

const kinds: Record<string, string> = {
  "application/pdf": "PDF",
  "text/plain": "Text",
  "text/csv": "Table (CSV)",
  "text/tab-separated-values": "Table (TSV)",
  "text/markdown": "Text",
  "text/calendar": "Calendar entry",
  "text/vcard": "Contact",
  "application/vnd.oasis.opendocument.text": "Document",
  "application/vnd.oasis.opendocument.spreadsheet": "Spreadsheet",
  "application/vnd.oasis.opendocument.presentation": "Presentation",
};

/** "PDF", "Picture", "Spreadsheet" */
export function kindWords(mediaType: string): string {
  const sort = sortOf(mediaType);
  if (sort === "picture") return "Picture";
  if (sort === "sound") return "Recording";
  if (mediaType.includes("wordprocessingml")) return "Document";
  if (mediaType.includes("spreadsheetml")) return "Spreadsheet";
  if (mediaType.includes("presentationml")) return "Presentation";
  return kinds[mediaType] ?? "File";
}

/** "248 KB", "3.1 MB" */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "0:07", "12:30", "1:02:05" */
export function timeWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function fileUrl({ id }: Pick<Attachment, "id">, want: "" | "thumbnail" | "download" = ""): string {
  const query = { "": "", thumbnail: "?size=thumbnail", download: "?download=true" }[want];
  return `/api/v1/attachments/${encodeURIComponent(id)}${query}`;
}
