import { type MouseEvent, type PointerEvent, type RefObject, useRef } from "react";

interface TouchPorts {
  /** Drawn to the right; null where one cannot answer. */
  reply: (() => void) | null;
  /** Held for a moment, or the other mouse button; null where there is nothing to choose. */
  menu: (() => void) | null;
}

const held = 480;
/** Further than this is a draw or a scroll, not a press. */
const still = 10;
const drawn = 64;

/** Fingers on a message: held it opens the menu, drawn to the right it is answered. */
export function useTouch(target: RefObject<HTMLElement | null>, { reply, menu }: TouchPorts) {
  const start = useRef<{ x: number; y: number; timer: ReturnType<typeof setTimeout> } | null>(null);
  const by = useRef(0);

  const shift = (px: number) => {
    by.current = px;
    const el = target.current;
    if (!el) return;
    el.style.transform = px > 0 ? `translateX(${px}px)` : "";
    el.dataset["drawn"] = String(px >= drawn);
  };
  const end = () => {
    if (!start.current) return;
    clearTimeout(start.current.timer);
    start.current = null;
    const far = by.current >= drawn;
    shift(0);
    if (far) reply?.();
  };
  return {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      const press = () => {
        start.current = null;
        shift(0);
        menu?.();
      };
      start.current = { x: event.clientX, y: event.clientY, timer: setTimeout(press, held) };
    },
    onPointerMove(event: PointerEvent) {
      const from = start.current;
      if (!from) return;
      const dx = event.clientX - from.x;
      const dy = Math.abs(event.clientY - from.y);
      if (Math.abs(dx) > still || dy > still) clearTimeout(from.timer);
      if (reply && dx > still && dx > 2 * dy) shift(Math.min(dx - still, drawn + 16));
    },
    onPointerUp: end,
    onPointerCancel() {
      by.current = 0;
      end();
    },
    onContextMenu(event: MouseEvent) {
      const words = window.getSelection()?.toString() ?? "";
      // The browser's own menu stays for links and for text that is selected.
      if (!menu || words !== "" || (event.target as HTMLElement).closest("a")) return;
      event.preventDefault();
      if (!start.current) menu();
    },
  };
}
