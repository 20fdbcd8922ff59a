import { useState } from "react";
import type { Kind } from "../../../api/clientNotifications.ts";
import { channels } from "../../../api/preferences.ts";
import type { Setting } from "../../../api/types.ts";
import { cx } from "../../../ui/cx.ts";
import { type Place } from "../../../ui/Source.tsx";
import { settingWord } from "../words.ts";
import { type Cell, cellOf } from "./cells.ts";
import type { ClientForm } from "./forms.ts";
import styles from "./Notifications.module.css";
import { channelWords, decided, kindWords } from "./words.ts";

interface PlacesProps {
  kind: Kind;
  base: ClientForm;
  now: ClientForm;
  who: string;
}

/** Every place of a kind's cells, the first that is set wins; shown when asked for. */
export function Places(props: PlacesProps) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <p className={styles["more"]}>
        <button type="button" className="link" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide where these come from" : "See where these come from"}
          <span className="sr">: {kindWords[props.kind]}</span>
        </button>
      </p>
      {shown && <Table {...props} />}
    </>
  );
}

const places: readonly Place[] = ["client", "group", "default"];

function Table({ kind, base, now, who }: PlacesProps) {
  const names = {
    client: `Set for ${who}`,
    group: now.group ? `Group: ${now.group.name}` : "No group",
    default: "Default when added",
  };
  return (
    <table className={styles["places"]}>
      <caption className="sr">Where {kindWords[kind].toLowerCase()} come from</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">Place</span>
          </th>
          {channels.map((c) => (
            <th key={c} scope="col">
              {channelWords[c]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <tr key={place}>
            <th scope="row">{names[place]}</th>
            {channels.map((c) => (
              <Value key={c} cell={cellOf(kind, c)} place={place} base={base} now={now} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ cell, place, base, now }: { cell: Cell; place: Place; base: ClientForm; now: ClientForm }) {
  const wins = decided(now, cell).place === place;
  const pending = now[cell] !== base[cell];
  return (
    <td className={cx(wins && styles["wins"], wins && pending && styles["pending"])}>
      {settingWord(at(now, place, cell))}
      {wins && <small>{pending ? "Once you save" : "In effect"}</small>}
    </td>
  );
}

function at(form: ClientForm, place: Place, cell: Cell): Setting {
  if (place === "client") return form[cell];
  return place === "group" ? (form.groupCells?.[cell] ?? "unset") : form.defaults[cell];
}
