import type { Scheduled } from "../../../api/types.ts";

/** Why a scheduled message was not sent, for its author. */
export function whySkipped(why: Scheduled["why"]): string {
  switch (why) {
    case "chat_unavailable":
      return "Chat was unavailable when it was due.";
    case "client_archived":
      return "The client was archived by then.";
    case "conversation_closed":
      return "The conversation was closed by then.";
    case "not_found":
      return "You were no longer in the conversation.";
    case "rate_limited":
      return "The limit of posts per hour was reached.";
    case "id_reused":
      return "It had been sent before.";
    default:
      return "It could not be sent when it was due.";
  }
}
