import type { KeyboardEvent } from "react";

const upAndDown: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Arrow keys move the focus among what fits in the list, by so many places; at an end it stays. */
export function arrows(
  event: KeyboardEvent,
  list: HTMLElement | null,
  fits: string,
  places: Readonly<Record<string, number>> = upAndDown,
): void {
  const by = places[event.key];
  if (!by || !list) return;
  const all = [...list.querySelectorAll<HTMLElement>(fits)];
  const at = all.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
}
