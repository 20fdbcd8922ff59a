import { useBlast } from "../../api/blasts.ts";
import { Link } from "../../lib/router.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./Thread.module.css";

/** Tells staff that a message went to many, and leads to the others; not everyone may see which blast it was. */
export function FromBlast({ blastId }: { blastId: string }) {
  const { data } = useBlast(blastId);
  return (
    <p className={styles["receipt"]}>
      <Icon name="megaphone" size={14} />
      {data ? (
        <span>
          From message blast{" "}
          {/* A touch that moved the focus here would show the message's tools, and the link would be gone from below it. */}
          <Link className="link" href={`/blasts/${blastId}`} onMouseDown={(event) => event.preventDefault()}>
            “{data.title}”
          </Link>
        </span>
      ) : (
        "From a message blast"
      )}
    </p>
  );
}
