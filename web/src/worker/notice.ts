/** The one thing a push says on a screen that anybody may see. */
export const title = "You have a new message";

/** Ids are made by the server; anything else is not one of its messages. */
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The notice that a push is about; "" where its text is not what the server sends. */
export function noticeOf(text: string): string {
  try {
    const payload: unknown = JSON.parse(text);
    const found = typeof payload === "object" && payload !== null && "id" in payload ? payload.id : "";
    return typeof found === "string" && id.test(found) ? found : "";
  } catch {
    return "";
  }
}

export interface Shown {
  tag: string;
  icon: string;
  badge: string;
  data: { id: string };
}

/** How it is shown: the same notice replaces itself, and nothing is told of who wrote or what. */
export function shown(notice: string): Shown {
  return {
    tag: notice || "hearth",
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    data: { id: notice },
  };
}

/** Where a press on it leads. */
export function addressOf(notice: string): string {
  return notice ? `/go/${notice}` : "/inbox";
}
