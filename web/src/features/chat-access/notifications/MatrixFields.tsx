import { type ReactNode, useId } from "react";
import { type Kind, kinds } from "../../../api/clientNotifications.ts";
import { type Channel, channels } from "../../../api/preferences.ts";
import { Icon, type IconName } from "../../../ui/Icon.tsx";
import { type Cell, cellOf } from "./cells.ts";
import styles from "./Notifications.module.css";
import { channelWords, kindWords } from "./words.ts";

const icons: Record<Channel, IconName> = { email: "mail", push: "monitor", in_app: "bell" };

interface MatrixProps {
  /** What a cell is set with; it is to be named in full, because it stands apart from its headings. */
  control(cell: Cell, describedBy: string): ReactNode;
  /** Below the cell's name: its source, what is not saved. */
  line?(cell: Cell): ReactNode;
  /** One below the heading above. */
  level?: 3 | 4;
  /** Below the cells of a kind. */
  after?(kind: Kind): ReactNode;
}

/** Kinds of notification by channel, a row each, so that it holds on the narrowest screen. */
export function MatrixFields({ control, line, level = 3, after }: MatrixProps) {
  const id = useId();
  const Heading = level === 3 ? "h3" : "h4";
  return (
    <div className={styles["kinds"]}>
      {kinds.map((kind) => (
        <section key={kind} aria-label={kindWords[kind]}>
          <Heading>{kindWords[kind]}</Heading>
          <ul className={styles["cells"]}>
            {channels.map((channel) => {
              const cell = cellOf(kind, channel);
              const lineId = `${id}-${cell}`;
              return (
                <li key={cell} data-cell={cell}>
                  <Icon name={icons[channel]} size={16} />
                  <div>
                    <b>{channelWords[channel]}</b>
                    {line && (
                      <span className={styles["line"]} id={lineId}>
                        {line(cell)}
                      </span>
                    )}
                  </div>
                  {control(cell, lineId)}
                </li>
              );
            })}
          </ul>
          {after?.(kind)}
        </section>
      ))}
    </div>
  );
}
