import { useMe } from "../../../api/session.ts";
import type { Conversation } from "../../../api/types.ts";
import { Button, IconButton } from "../../../ui/Button.tsx";
import type { ComposerPorts } from "../slots/composer.ts";
import { mayNote, startNote } from "./noting.ts";

/** In the composer's bar: write for colleagues instead. */
export function NoteTool({ ports }: { ports: ComposerPorts }) {
  const me = useMe();
  const c = ports.conversation;
  if (!mayNote(c, me)) return null;
  return <IconButton label="Write a staff note" icon="lock" onClick={() => startNote(c.id)} />;
}

/** Where one cannot write to the client: a note can be written still. */
export function NoteInstead({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  if (!mayNote(c, me)) return null;
  return (
    <Button look="ghost" icon="lock" onClick={() => startNote(c.id)}>
      Write a staff note
    </Button>
  );
}
