import type { RefObject } from "react";
import { IconButton } from "../../ui/Button.tsx";
import { useActs } from "./messageActs.ts";
import styles from "./Thread.module.css";

interface ToolsProps {
  id: string;
  mayWrite: boolean;
  article: RefObject<HTMLElement | null>;
}

/** What stands beside a message that is pointed at or has the focus. */
export function MessageTools({ id, mayWrite, article }: ToolsProps) {
  const acts = useActs();
  return (
    <div className={styles["tools"]} role="group" aria-label="This message">
      {mayWrite && (
        <>
          <IconButton
            label="React"
            icon="smile-plus"
            iconSize={16}
            aria-haspopup="dialog"
            onClick={(event) => acts.pick(id, event.currentTarget)}
          />
          <IconButton label="Reply" icon="reply" iconSize={16} onClick={() => acts.reply(id)} />
        </>
      )}
      <IconButton
        label="More"
        icon="ellipsis"
        iconSize={16}
        aria-haspopup="menu"
        onClick={() => article.current && acts.menu(id, article.current)}
      />
    </div>
  );
}
