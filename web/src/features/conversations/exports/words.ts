import type { Export, ExportFormat } from "../../../api/exports.ts";

/** What can be chosen, and what each is good for. */
export const formats: readonly { format: ExportFormat; label: string; hint: string }[] = [
  { format: "pdf", label: "PDF", hint: "To print, or to hand on." },
  { format: "html", label: "Web page", hint: "Opens in any browser; the best one to have read aloud." },
  { format: "json", label: "Data (JSON)", hint: "For other programs." },
];

/** What an export is, in a few words. */
export function exportName({ format, attachments }: Pick<Export, "format" | "attachments">): string {
  const label = formats.find((f) => f.format === format)?.label ?? format;
  return attachments ? `${label} with attachments` : label;
}

/** How far it is, or what became of it. */
export function exportState(e: Pick<Export, "state" | "why" | "done" | "total">): string {
  switch (e.state) {
    case "queued":
      return "Waiting for its turn";
    case "running":
      return e.total > 0 ? `Being made: ${percent(e)} %` : "Being made";
    case "ready":
      return "Ready";
    case "expired":
      return "Removed after a day";
    case "failed":
      return e.why === "forbidden" || e.why === "not_found"
        ? "Stopped: you may no longer export this conversation"
        : "Failed. Please try again";
  }
}

export function percent({ done, total }: Pick<Export, "done" | "total">): number {
  return total > 0 ? Math.min(100, Math.floor((done * 100) / total)) : 0;
}
