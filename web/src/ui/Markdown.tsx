import type { ReactNode } from "react";
import { type Block, type Inline, parseMarkdown } from "../lib/markdown.ts";
import styles from "./Markdown.module.css";

interface MarkdownProps {
  body: string;
  /** Shows who is mentioned. */
  mention(user: string): ReactNode;
}

/** A message's words with their light markup. Only elements that are made here are ever shown. */
export function Markdown({ body, mention }: MarkdownProps) {
  return parseMarkdown(body).map((block, i) => <Shown key={i} block={block} mention={mention} />);
}

function Shown({ block, mention }: { block: Block; mention: MarkdownProps["mention"] }) {
  if (block.type === "code") return <pre className={styles["pre"]}>{block.text}</pre>;
  if (block.type === "text") {
    return (
      <span className={styles["text"]} dir="auto">
        <Line kids={block.kids} mention={mention} />
      </span>
    );
  }
  const List = block.items[0]?.value === null ? "ul" : "ol";
  return (
    <List className={styles["list"]}>
      {block.items.map((item, i) => (
        <li key={i} value={item.value ?? undefined} dir="auto">
          <Line kids={item.kids} mention={mention} />
        </li>
      ))}
    </List>
  );
}

function Line({ kids, mention }: { kids: readonly Inline[]; mention: MarkdownProps["mention"] }): ReactNode {
  return kids.map((kid, i) => {
    if (kid.type === "text") return kid.text;
    if (kid.type === "code") return <code key={i}>{kid.text}</code>;
    if (kid.type === "mention") return <span key={i}>{mention(kid.user)}</span>;
    const inside = <Line kids={kid.kids} mention={mention} />;
    if (kid.type === "strong") return <strong key={i}>{inside}</strong>;
    if (kid.type === "em") return <em key={i}>{inside}</em>;
    return (
      <a key={i} href={kid.href} title={kid.href} target="_blank" rel="noopener noreferrer nofollow">
        {inside}
      </a>
    );
  });
}
