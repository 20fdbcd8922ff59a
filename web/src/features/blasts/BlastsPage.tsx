import { can, useMe } from "../../api/session.ts";
import { navigate } from "../../lib/router.tsx";
import { BubblesArt } from "../../ui/Brand.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Empty } from "../../ui/States.tsx";
import { useKeys } from "../../lib/hooks.ts";
import { BlastList } from "./BlastList.tsx";
import { BlastPane } from "./BlastPane.tsx";
import styles from "./Blasts.module.css";
import { NewBlast } from "./NewBlast.tsx";
import type { WritingParts } from "./parts.ts";

interface PageProps {
  /** "" for none, "new" for one that is being written. */
  id: string;
  parts: WritingParts;
}

/** Message blasts: those there are, and one of them, or a new one. */
export function BlastsPage({ id, parts }: PageProps) {
  const me = useMe();
  const may = can(me, "send_blasts");
  useKeys({ n: () => may && navigate("/blasts/new") });
  return (
    <main id="main" className={cx(styles["blasts"], id && styles["opened"])} tabIndex={-1}>
      {!id && <h1 className="sr">Message Blasts</h1>}
      <BlastList selected={id} mayWrite={may} />
      <section className={styles["pane"]} aria-label="Message Blast">
        {id === "new" && may ? (
          <NewBlast parts={parts} />
        ) : id && id !== "new" ? (
          <BlastPane key={id} id={id} parts={parts} />
        ) : (
          <Nothing may={may} />
        )}
      </section>
    </main>
  );
}

function Nothing({ may }: { may: boolean }) {
  return (
    <Empty
      art={<BubblesArt />}
      title="One text to many, each in private"
      actions={
        may && (
          <ButtonLink look="primary" icon="square-pen" href="/blasts/new">
            New Message Blast
          </ButtonLink>
        )
      }
    >
      Everyone gets a private thread of their own, and nobody sees who else got it. You’ll see who can’t
      receive it before you send.
    </Empty>
  );
}
