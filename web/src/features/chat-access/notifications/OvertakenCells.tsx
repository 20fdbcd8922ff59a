import { useEffect, useRef } from "react";
import type { Setting } from "../../../api/types.ts";
import { Overtaken } from "../../../ui/ChatSettingsPage.tsx";
import type { Cells } from "./cells.ts";
import { changedLines } from "./words.ts";

interface OvertakenProps<T> {
  form: { overtaken: boolean; before: T | null; base: T };
}

/** What somebody else saved meanwhile, brought into sight before anything is saved over it. */
export function OvertakenCells<T extends Cells<Setting>>({ form }: OvertakenProps<T>) {
  const place = useRef<HTMLDivElement>(null);
  const { overtaken, base } = form;
  useEffect(() => {
    if (overtaken) place.current?.scrollIntoView({ block: "center" });
  }, [overtaken, base]);
  if (!overtaken) return null;
  return (
    <div ref={place}>
      <Overtaken form={form} now={changedLines(form.before, base).join(" ")} />
    </div>
  );
}
