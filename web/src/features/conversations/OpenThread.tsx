import { useEffect } from "react";
import type { Conversation } from "../../api/types.ts";
import { phone, useMedia } from "../../lib/hooks.ts";
import { inboxHref } from "./filters.ts";
import { Thread } from "./Thread.tsx";
import { ThreadHeader } from "./ThreadHeader.tsx";

// The whole of an open conversation comes in one piece: the thread and the details beside it.
export { ContextPanel } from "./ContextPanel.tsx";

interface OpenThreadProps {
  conversation: Conversation;
  details: boolean;
  toggle(): void;
}

/** A conversation that is open: its header, its messages and where to write. */
export function OpenThread({ conversation: c, details, toggle }: OpenThreadProps) {
  const onPhone = useMedia(phone);
  useEffect(() => {
    // On a phone the list is gone: the thread must say where one is.
    if (onPhone) document.getElementById("thread-title")?.focus({ preventScroll: true });
  }, [c.id, onPhone]);
  return (
    <>
      <ThreadHeader conversation={c} back={inboxHref("")} details={details} toggleDetails={toggle} />
      <Thread key={c.id} conversation={c} />
    </>
  );
}
