import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Message, Quote as Quoted } from "../../api/types.ts";
import { plainText } from "../../lib/markdown.ts";
import type { QuoteView } from "./bubbleRow.ts";
import { useActs } from "./messageActs.ts";
import styles from "./Thread.module.css";

interface QuoteProps {
  quote: QuoteView;
  /** The message that quotes; null while it is on its way. */
  of: Message | null;
}

/** The message that is answered, in a line or two; pressing it goes there. */
export function Quote({ quote, of }: QuoteProps) {
  if ("body" in quote) return <Shown quote={quote} />;
  return of ? <Asked of={of} /> : null;
}

/** Live events quote nothing, because their readers differ: then the server is asked. */
function Asked({ of }: { of: Message }) {
  const { data } = useQuery({
    queryKey: keys.quoting(of.id),
    queryFn: () =>
      ask(
        api.GET("/api/v1/conversations/{id}/messages/{message_id}", {
          params: { path: { id: of.conversation_id, message_id: of.id } },
        }),
      ) as Promise<Message>,
    staleTime: Infinity,
  });
  if (data && !data.quoted) return null;
  return data?.quoted ? <Shown quote={data.quoted} /> : <span className={styles["quote"]}>…</span>;
}

function Shown({ quote }: { quote: Quoted }) {
  const { jump, nameOf } = useActs();
  const words = plainText(quote.body, (user) => nameOf(user))
    .replace(/\s+/g, " ")
    .slice(0, 200);
  return (
    <button type="button" className={styles["quote"]} onClick={() => jump(quote.seq)}>
      <span className="sr">In reply to </span>
      <b>{quote.author.name}</b>
      <span>{quote.deleted ? "This message was deleted" : words || "File"}</span>
    </button>
  );
}
