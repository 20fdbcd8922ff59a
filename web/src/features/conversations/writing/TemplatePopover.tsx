import type { RefObject } from "react";
import { explain } from "../../../api/client.ts";
import type { Template } from "../../../api/types.ts";
import { templateText } from "../../../api/writing.ts";
import { listed } from "../../../lib/text.ts";
import { TemplatePopover as Templates } from "../../../ui/TemplatePopover.tsx";
import { say } from "../../../ui/toast.ts";
import type { ComposerPorts } from "../slots/composer.ts";

// Import this file only lazily: it brings react-aria.

interface PopoverProps {
  trigger: RefObject<HTMLElement | null>;
  ports: ComposerPorts;
  close(): void;
}

const fieldWords = {
  first_name: "first name",
  provider: "provider",
  practice: "practice",
  next_step: "next step",
} as const;

/** Finds a template and puts it at the cursor, with its fields filled for this conversation. */
export function TemplatePopover({ trigger, ports, close }: PopoverProps) {
  const insert = async (t: Template) => {
    try {
      const { body, missing } = await templateText(t.id, ports.conversation.id);
      close();
      const gaps = missing.map((field) => fieldWords[field]);
      ports.insert(body, gaps[0] && `[${gaps[0]}]`);
      if (gaps.length > 0) say(`Fill in the ${listed(gaps)} before you send.`);
    } catch (error) {
      say(`Not inserted. ${explain(error)}`);
    }
  };
  return <Templates trigger={trigger} choose={(t) => void insert(t)} close={close} />;
}
