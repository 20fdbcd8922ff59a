import type { RefObject } from "react";
import { useStaff } from "../../../api/directory.ts";
import type { Conversation, Me } from "../../../api/types.ts";
import { Menu, type MenuEntry } from "../../../ui/Menu.tsx";
import { assign, candidates } from "./assign.ts";

interface AssigneeMenuProps {
  conversation: Conversation;
  me: Me;
  trigger: RefObject<HTMLElement | null>;
  close(): void;
}

/** To whom a conversation can be given. Import it only lazily, as the menu itself. */
export function AssigneeMenu({ conversation: c, me, trigger, close }: AssigneeMenuProps) {
  const { data: staff } = useStaff();
  const give = (id: string | null, label: string, icon: MenuEntry["icon"]): MenuEntry => ({
    id: id ?? "nobody",
    label,
    icon,
    act: () => void assign(c, id, me),
  });
  const colleagues = candidates(c, staff ?? []).filter((s) => s.id !== c.assignee?.id);
  const mine = colleagues.some((s) => s.id === me.user.id)
    ? [give(me.user.id, c.assignee ? "Take it over" : "Assign to me", "user-round")]
    : [];
  const back = c.assignee ? [give(null, "Give back to the queue", "inbox")] : [];
  const others = colleagues.filter((s) => s.id !== me.user.id).map((s) => give(s.id, s.name, "user-round"));
  return (
    <Menu
      label="Who looks after this conversation"
      trigger={trigger}
      close={close}
      placement="bottom start"
      entries={[[...mine, ...back], others].filter((group) => group.length > 0)}
    />
  );
}
