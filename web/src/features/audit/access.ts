import { count } from "../../lib/text.ts";
import { shortDate } from "../../lib/time.ts";

// What the audit log says of a change of who may chat. The details come from
// the log as they were written, maybe by an older Hearth: nothing is taken for granted.

type Details = Readonly<Record<string, unknown>>;

const switches: readonly [key: string, words: string][] = [
  ["direct", "Direct Messaging"],
  ["community", "Community Chat"],
];
const values: Record<string, string> = { on: "on", off: "off", unset: "not set" };

/** The switches that an entry set, with their new values. */
function turned(action: string, d: Details): [words: string, value: string][] {
  const now = (key: string) =>
    action === "chat_access.changed" ? (d["switch"] === key ? d["new"] : undefined) : d[key];
  return switches.flatMap(([key, words]) => {
    const value = now(key);
    return typeof value === "string" && value in values ? [[words, value] as [string, string]] : [];
  });
}

/** "Direct Messaging off" and its colour; null for other entries. */
export function accessEvent(
  action: string,
  details: Details | null,
): { label: string; tone: "pine" | "amber" | "plain" } | null {
  if (action !== "chat_access.changed" && action !== "chat_access.bulk_changed") return null;
  const set = turned(action, details ?? {});
  const [first] = set;
  if (!first) return null;
  const alike = set.every(([, value]) => value === first[1]);
  const tone = !alike || first[1] === "unset" ? "plain" : first[1] === "on" ? "pine" : "amber";
  return { label: set.map(([words, value]) => `${words} ${values[value]}`).join(", "), tone };
}

const hows: Record<string, string> = {
  import: "By an import",
  api: "Through the API",
  undo: "By undoing a change",
  schedule: "Its end was reached",
  created: "When they were added",
};

/** The rest of such an entry in sentences; null for other entries. */
export function accessDetail(action: string, details: Details | null): string | null {
  const d = details ?? {};
  const said = { changed, bulk_changed: bulk, bulk_undone: undone }[action.replace("chat_access.", "")];
  if (!action.startsWith("chat_access.") || !said) return null;
  return said(d)
    .filter((part) => part !== "")
    .join(". ");
}

function changed(d: Details): string[] {
  const before = values[String(d["old"])];
  return [...terms(d), before ? `Was ${before}` : "", hows[String(d["how"]).toLowerCase()] ?? ""];
}

function bulk(d: Details): string[] {
  const [n, of] = [number(d["changed"]), number(d["matched"])];
  const many = of > n ? `${n.toLocaleString("en-US")} of ${count(of, "client")}` : count(n, "client");
  const place = d["place"] === "default" ? "Their default when added" : "";
  return [`${many} changed`, place, ...terms(d), hows[String(d["how"]).toLowerCase()] ?? ""];
}

function undone(d: Details): string[] {
  const left = number(d["left"]);
  return [
    `${count(number(d["restored"]), "client")} restored${left > 0 ? `, ${left} changed since and left` : ""}`,
  ];
}

/** Until when and why. */
function terms(d: Details): string[] {
  const until = Date.parse(String(d["until"]));
  // The last day on which it holds.
  const end = Number.isNaN(until) ? "" : `Until ${shortDate(new Date(until - 1).toISOString())}`;
  return [end, typeof d["reason"] === "string" ? `“${d["reason"].trim()}”` : ""];
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
