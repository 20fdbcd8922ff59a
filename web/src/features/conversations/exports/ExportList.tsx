import { useState } from "react";
import { type Export, exportFile, isUnderWay, removeExport, useExports } from "../../../api/exports.ts";
import { useMe } from "../../../api/session.ts";
import { conversationTitle } from "../../../lib/people.ts";
import { dateTime } from "../../../lib/time.ts";
import { ButtonAnchor, IconButton } from "../../../ui/Button.tsx";
import { Problem } from "../../../ui/States.tsx";
import { sizeWords } from "../files/words.ts";
import { useConversation } from "../queries.ts";
import styles from "./Exports.module.css";
import { exportName, exportState, percent } from "./words.ts";

/** One's own exports, those of other conversations with their names. */
export function ExportList({ conversation }: { conversation: string }) {
  const list = useExports();
  const all = list.data ?? [];
  if (all.length === 0) return <Problem error={list.error} />;
  return (
    <section className={styles["list"]} aria-labelledby="your-exports">
      <h3 id="your-exports">Your exports</h3>
      <ul>
        {all.map((e) => (
          <ExportRow key={e.id} of={e} here={e.conversation_id === conversation} />
        ))}
      </ul>
    </section>
  );
}

function ExportRow({ of: e, here }: { of: Export; here: boolean }) {
  const [problem, setProblem] = useState<unknown>(null);
  const remove = () => void removeExport(e.id).catch(setProblem);
  const name = exportName(e);
  return (
    <li data-export={e.state}>
      <div className={styles["words"]}>
        <strong>{name}</strong>
        <small>
          {!here && <Elsewhere id={e.conversation_id} />}
          {dateTime(e.created_at)}
          {e.state === "ready" && ` · ${sizeWords(e.size)}`}
          {e.state === "ready" && e.expires_at && ` · until ${dateTime(e.expires_at)}`}
        </small>
        <small role="status">{exportState(e)}</small>
        {isUnderWay(e) && <progress max={100} value={percent(e)} aria-label={`${name}: how far it is`} />}
        <Problem error={problem} />
      </div>
      {e.state === "ready" && (
        <ButtonAnchor href={exportFile(e.id)} download size="small" icon="download">
          Download <span className="sr">{name}</span>
        </ButtonAnchor>
      )}
      <IconButton
        label={isUnderWay(e) ? `Stop ${name}` : `Remove ${name}`}
        icon={isUnderWay(e) ? "x" : "trash"}
        onClick={remove}
      />
    </li>
  );
}

function Elsewhere({ id }: { id: string }) {
  const me = useMe();
  const c = useConversation(id);
  return <>{c.data ? conversationTitle(c.data, me.user.id) : "Another conversation"} · </>;
}
