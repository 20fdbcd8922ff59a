import { type ReactNode, Suspense, useState } from "react";
import type { useSettings } from "../../../ui/useSettings.tsx";
import { cx } from "../../../ui/cx.ts";
import { placeIcons } from "../../../ui/Source.tsx";
import source from "../../../ui/Source.module.css";
import { Icon } from "../../../ui/Icon.tsx";
import { Callout, Problem } from "../../../ui/States.tsx";
import { Segmented } from "../../../ui/Switch.tsx";
import type { Cell } from "./cells.ts";
import type { ClientForm } from "./forms.ts";
import { MatrixFields } from "./MatrixFields.tsx";
import styles from "./Notifications.module.css";
import { OvertakenCells } from "./OvertakenCells.tsx";
import { Places } from "./Places.tsx";
import { cellWords, decided, valueWords } from "./words.ts";

interface SectionProps {
  form: ReturnType<typeof useSettings<ClientForm>>;
  /** How the client is called here. */
  who: string;
  readOnly: boolean;
  /** What became of the client's notifications; read when asked for. */
  history?: ReactNode;
}

/** "Adjust Chat Notifications" of one client: kinds by channels, each with where it comes from. */
export function ClientSection({ form, who, readOnly, history }: SectionProps) {
  const { base, now } = form;
  return (
    <>
      <OvertakenCells form={form} />
      <MatrixFields
        level={4}
        line={(cell) => <Line cell={cell} base={base} now={now} who={who} />}
        control={(cell, describedBy) => (
          <Segmented
            label={`${cellWords(cell)}: ${spoken(base, now, cell, who)}`}
            describedBy={now.narrowed[cell] ? describedBy : undefined}
            value={now[cell]}
            disabled={readOnly}
            options={options(now, cell)}
            onChange={(value) => form.set({ [cell]: value })}
          />
        )}
        after={(kind) => <Places kind={kind} base={base} now={now} who={who} />}
      />
      <Apart who={who} />
      <Problem error={form.problem} />
      {history && <Told>{history}</Told>}
    </>
  );
}

function options(form: ClientForm, cell: Cell) {
  const group = form.groupCells !== null && form.groupCells[cell] !== "unset";
  return [
    { value: "unset", label: group ? "As the group" : "Default" },
    { value: "on", label: "On" },
    { value: "off", label: "Off" },
  ] as const;
}

/** "off, from group Concierge", with "once you save" where that is not so yet. */
function spoken(base: ClientForm, now: ClientForm, cell: Cell, who: string): string {
  const words = valueWords(now, cell, who);
  const low = `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  return now[cell] === base[cell] ? low : `${low}, once you save`;
}

interface LineProps {
  cell: Cell;
  base: ClientForm;
  now: ClientForm;
  who: string;
}

function Line({ cell, base, now, who }: LineProps) {
  const pending = now[cell] !== base[cell];
  const { on, place } = decided(now, cell);
  return (
    <>
      <span className={cx(source["source"], pending && styles["pending"])}>
        <Icon name={placeIcons[place]} size={14} />
        <span>
          {valueWords(now, cell, who)}
          {pending && ". Once you save"}
        </span>
      </span>
      {now.narrowed[cell] && (
        <span>{on ? `${who} turned it off themselves` : `${who} turned it off too`}</span>
      )}
    </>
  );
}

/** The two things that are easily taken for one. */
function Apart({ who }: { who: string }) {
  return (
    <Callout tone="quiet">
      Notifications never change who may chat, and turning chat on or off never changes these. {who} can turn
      more off for themselves, not more on.
    </Callout>
  );
}

function Told({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  return (
    <div className={styles["told"]}>
      <button type="button" className="link" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? "Hide the notification history" : "Notification history"}
      </button>
      {shown && <Suspense>{children}</Suspense>}
    </div>
  );
}
