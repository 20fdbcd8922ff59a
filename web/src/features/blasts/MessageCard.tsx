import type { Blast } from "../../api/types.ts";
import { listed } from "../../lib/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Markdown } from "../../ui/Markdown.tsx";
import styles from "./Blasts.module.css";

/** What was written; it stays as a record. */
export function MessageCard({ blast: b }: { blast: Blast }) {
  const names = b.staff.map((p) => p.name);
  return (
    <section className={styles["card"]} aria-labelledby="blast-message">
      <header>
        <div>
          <h2 id="blast-message">Message</h2>
          <p>
            Fields are filled for each person. {names.length > 0 && `Replies also go to ${listed(names)}.`}
          </p>
        </div>
      </header>
      <div className={styles["pad"]}>
        {b.body !== "" && (
          <div className={styles["words"]}>
            <Markdown body={b.body} mention={(user) => user} />
          </div>
        )}
        {b.attachments.length > 0 && (
          <ul className={styles["files"]} aria-label="Files">
            {b.attachments.map((a) => (
              <li key={a.id}>
                <Icon name="paperclip" size={14} />
                <a
                  className="link"
                  href={`/api/v1/attachments/${encodeURIComponent(a.id)}?download=true`}
                  download
                >
                  {a.name}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
