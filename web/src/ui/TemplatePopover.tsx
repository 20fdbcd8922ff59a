import { type RefObject, useRef, useState } from "react";
import { Heading } from "react-aria-components";
import type { Template } from "../api/types.ts";
import { templateLine, useTemplates } from "../api/writing.ts";
import { Link } from "../lib/router.tsx";
import { arrows } from "./arrows.ts";
import { Search } from "./Field.tsx";
import { PopoverCard } from "./PopoverCard.tsx";
import { Loaded } from "./States.tsx";
import styles from "./TemplatePopover.module.css";

// Import this file only lazily: it brings react-aria.

interface PopoverProps {
  trigger: RefObject<HTMLElement | null>;
  choose(t: Template): void;
  close(): void;
}

/** Finds a template. */
export function TemplatePopover({ trigger, choose, close }: PopoverProps) {
  const templates = useTemplates();
  const [q, setQ] = useState("");
  const list = useRef<HTMLDivElement>(null);
  return (
    <PopoverCard trigger={trigger} placement="top start" close={close}>
      <Heading slot="title">Templates</Heading>
      <Search label="Find a template" placeholder="Find a template" shortcut="" value={q} onChange={setQ} />
      <div ref={list} className={styles["templates"]} onKeyDown={(e) => arrows(e, list.current, "button")}>
        <Loaded query={templates} what="your templates">
          {(all) => <Choices all={all} q={q} choose={choose} />}
        </Loaded>
      </div>
      <p className={styles["note"]}>
        <Link href="/settings/chat/templates">Manage templates</Link>
      </p>
    </PopoverCard>
  );
}

interface ChoicesProps {
  all: readonly Template[];
  q: string;
  choose(t: Template): void;
}

function Choices({ all, q, choose }: ChoicesProps) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter((t) => words.every((w) => `${t.title} ${t.body}`.toLowerCase().includes(w)));
  if (all.length === 0) return <p className="muted">No templates yet. Make one under Manage templates.</p>;
  if (found.length === 0) return <p className="muted">Nothing found. Try another word.</p>;
  const part = (title: string, scope: Template["scope"]) => {
    const some = found.filter((t) => t.scope === scope);
    return some.length === 0 ? null : (
      <div role="group" aria-label={title}>
        <p aria-hidden="true">{title}</p>
        {some.map((t) => (
          <button key={t.id} type="button" onClick={() => choose(t)}>
            <b>{t.title}</b>
            <span className="clip">{templateLine(t.body)}</span>
          </button>
        ))}
      </div>
    );
  };
  return (
    <>
      {part("Yours", "mine")}
      {part("The practice’s", "organization")}
    </>
  );
}
