import type { RefObject } from "react";
import type { Conversation } from "../../api/types.ts";
import type { Waited } from "../../lib/waits.ts";
import { Menu } from "../../ui/Menu.tsx";
import { needlessEntry } from "./needless.ts";

// Import this file only lazily: it brings react-aria.

interface MenuProps {
  conversation: Conversation;
  wait: Waited;
  trigger: RefObject<HTMLElement | null>;
  close(): void;
}

/** What the badge of a conversation counts, and that no answer is needed. */
export function WaitsMenu({ conversation, wait, trigger, close }: MenuProps) {
  return (
    <Menu
      label="Waiting for an answer"
      trigger={trigger}
      close={close}
      placement="bottom start"
      head={
        <>
          <b>{wait.text}</b>
          <small>{wait.detail}</small>
        </>
      }
      entries={[[needlessEntry(conversation)]]}
    />
  );
}
