import { useEffect } from "react";
import { shared, sharedFor } from "../../../lib/shared.ts";
import { useStore } from "../../../lib/store.ts";
import { takeFiles } from "../files/files.ts";
import type { ComposerPorts } from "../slots/composer.ts";

/** Puts the files that another app shared beside the message, once their conversation is open. */
export function SharedIn({ ports }: { ports: ComposerPorts }) {
  const { id } = ports.conversation;
  const chosen = useStore(shared, (s) => s.conversation === id && s.files.length > 0);
  useEffect(() => {
    if (!chosen) return;
    const files = sharedFor(id);
    if (files.length > 0) takeFiles(ports, files);
    // Taken once: what else the composer says of itself changes nothing about it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen, id]);
  return null;
}
