import { lazy, Suspense, useRef, useState } from "react";
import { isClient, useMe } from "../../../api/session.ts";
import { IconButton } from "../../../ui/Button.tsx";
import type { ComposerPorts } from "../slots/composer.ts";

const TemplatePopover = lazy(async () => ({
  default: (await import("./TemplatePopover.tsx")).TemplatePopover,
}));

/** Puts a template into the message, for staff. */
export function TemplateTool({ ports }: { ports: ComposerPorts }) {
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  if (isClient(me)) return null;
  return (
    <>
      <IconButton
        ref={button}
        label="Insert a template"
        icon="layout-template"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Suspense>
          <TemplatePopover trigger={button} ports={ports} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
