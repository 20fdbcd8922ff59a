import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Row } from "./rows.ts";

/** Closer to the end than this counts as reading the newest message. */
export const nearEnd = 90;
/** Closer than this to an edge that is not the end of the story, the next page is fetched. */
const nearEdge = 600;

export interface Scroller {
  scrollToEnd(): void;
  scrollToIndex(index: number, options: { align: "start" | "end" | "center" }): void;
}

/** A message to go to; the same one again has another number. */
export interface Target {
  seq: number;
  nonce: number;
}

interface ScrollPorts {
  rows: readonly Row[];
  hasMore: boolean;
  hasNewer: boolean;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  sent: number;
  target: Target | null;
}

/** How far the opening of a thread has come, and whether it goes to the end or to what is new. */
type Phase = "closed" | "to the end" | "to the new" | "open";

type Box = RefObject<HTMLDivElement | null>;

/**
 * Where a thread stands: it opens at the first new message, or else at the end.
 * As long as the reader does not scroll up themselves, whatever comes, however
 * much at once, and however the box changes its height, the end stays in sight.
 * Pages before and after are fetched before the edge comes into sight.
 */
export function useLogScroll(log: Box, virtual: Scroller, ports: ScrollPorts) {
  const { rows, hasNewer, sent, target } = ports;
  const [atEnd, setAtEnd] = useState(!hasNewer);
  const following = useRef(!hasNewer && target === null);
  const last = useRef({ top: 0, sent });
  const phase = useOpening(rows, target, virtual);
  const lit = useTarget(log, rows, target, virtual, phase, following);
  const fetchMore = useEdges(log, ports, phase);

  const settle = useCallback(() => {
    const el = log.current;
    if (!el) return;
    const near = !hasNewer && el.scrollHeight - el.scrollTop - el.clientHeight <= nearEnd;
    const up = el.scrollTop < last.current.top - 1;
    last.current.top = el.scrollTop;
    if (near) following.current = true;
    else if (hasNewer) following.current = false;
    else if (phase.current === "open" ? up : phase.current === "to the new") following.current = false;
    setAtEnd(following.current);
    fetchMore();
  }, [log, phase, hasNewer, fetchMore]);

  useLayoutEffect(() => {
    if (sent !== last.current.sent) {
      last.current.sent = sent;
      following.current = true;
    }
    if (following.current && phase.current === "open") virtual.scrollToEnd();
  }, [rows, sent, virtual, phase]);
  useEffect(() => settle(), [rows, settle]);
  useStickyEnd(log, following, phase);

  const toEnd = useCallback(() => {
    following.current = true;
    virtual.scrollToEnd();
  }, [virtual]);
  return { atEnd, settle, toEnd, lit };
}

/** Opens the thread at the first new message, or else at the end; once. */
function useOpening(rows: readonly Row[], target: Target | null, virtual: Scroller) {
  const phase = useRef<Phase>("closed");
  useLayoutEffect(() => {
    if (phase.current === "open" || rows.length === 0 || target) return;
    const fresh = rows.findIndex((r) => r.type === "new");
    phase.current = fresh > 0 ? "to the new" : "to the end";
    if (fresh > 0) virtual.scrollToIndex(fresh, { align: "start" });
    else virtual.scrollToEnd();
    // The first measurements move things; older pages must wait for them.
    const timer = setTimeout(() => {
      phase.current = "open";
    }, 120);
    return () => clearTimeout(timer);
  }, [rows, target, virtual]);
  return phase;
}

/** Goes to a message as soon as it is among the rows, and marks it for a moment; gives its key while it is marked. */
function useTarget(
  log: Box,
  rows: readonly Row[],
  target: Target | null,
  virtual: Scroller,
  phase: RefObject<Phase>,
  following: RefObject<boolean>,
): string {
  const done = useRef(0);
  const [lit, setLit] = useState("");
  useLayoutEffect(() => {
    if (!target || done.current === target.nonce) return;
    const index = rows.findIndex((r) => "seq" in r && r.seq !== null && r.seq >= target.seq);
    const row = rows[index];
    if (!row) return;
    done.current = target.nonce;
    phase.current = "open";
    following.current = false;
    virtual.scrollToIndex(index, { align: "center" });
    setLit(row.key);
    const frame = requestAnimationFrame(() => {
      virtual.scrollToIndex(index, { align: "center" });
      log.current?.querySelector<HTMLElement>(`[data-seq="${target.seq}"]`)?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [rows, target, virtual, phase, following, log]);
  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(""), 2_400);
    return () => clearTimeout(timer);
  }, [lit]);
  return lit;
}

/** Fetches the page before or after once its edge is near; one at a time. */
function useEdges(log: Box, ports: ScrollPorts, phase: RefObject<Phase>): () => void {
  const { hasMore, hasNewer, loadOlder, loadNewer } = ports;
  const busy = useRef(false);
  return useCallback(() => {
    const el = log.current;
    if (!el || busy.current || phase.current !== "open") return;
    const below = el.scrollHeight - el.scrollTop - el.clientHeight;
    const load =
      hasMore && el.scrollTop < nearEdge ? loadOlder : hasNewer && below < nearEdge ? loadNewer : null;
    if (!load) return;
    busy.current = true;
    const free = () => {
      busy.current = false;
    };
    load().then(free, free);
  }, [log, phase, hasMore, hasNewer, loadOlder, loadNewer]);
}

/** While the end is followed, a box or a message that changes its height moves nothing out of sight. */
function useStickyEnd(log: Box, following: RefObject<boolean>, phase: RefObject<Phase>): void {
  useEffect(() => {
    const el = log.current;
    if (!el) return;
    const observer = new ResizeObserver(() => {
      const sure = phase.current === "open" || phase.current === "to the end";
      if (following.current && sure) el.scrollTop = el.scrollHeight;
    });
    observer.observe(el);
    for (const child of el.children) observer.observe(child);
    return () => observer.disconnect();
  }, [log, following, phase]);
}
