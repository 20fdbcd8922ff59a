import { useMe } from "../../api/session.ts";
import type { Message } from "../../api/types.ts";
import { listed } from "../../lib/text.ts";
import { cx } from "../../ui/cx.ts";
import { quickReactions } from "./quickReactions.ts";
import { useActs } from "./messageActs.ts";
import styles from "./Thread.module.css";

/** Who put which sign on a message; pressing one adds or takes away one's own. */
export function Reactions({ message }: { message: Message }) {
  const me = useMe();
  const acts = useActs();
  if (message.deleted_at || (message.reactions ?? []).length === 0) return null;
  return (
    <div className={styles["reacts"]} role="group" aria-label="Reactions">
      {message.reactions.map(({ emoji, user_ids }) => {
        const mine = user_ids.includes(me.user.id);
        const name = quickReactions.find((q) => q.sign === emoji)?.name ?? emoji;
        return (
          <button
            key={emoji}
            type="button"
            className={cx(styles["react"], mine && styles["mine"])}
            aria-label={`${name}, ${user_ids.length}${mine ? ", including you" : ""}`}
            aria-pressed={mine}
            title={who(user_ids, me.user.id, acts.nameOf)}
            disabled={!acts.mayWrite}
            onClick={() => acts.react(message.id, emoji)}
          >
            <span aria-hidden="true">{emoji}</span>
            {user_ids.length}
          </button>
        );
      })}
    </div>
  );
}

function who(ids: readonly string[], meId: string, nameOf: (user: string) => string): string {
  const names = ids.slice(0, 8).map((id) => (id === meId ? "You" : nameOf(id)));
  const more = ids.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : listed(names);
}
