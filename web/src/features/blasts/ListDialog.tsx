import { type ChangeEvent, useState } from "react";
import type { Recipient } from "../../api/recipients.ts";
import { count } from "../../lib/text.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { Callout } from "../../ui/States.tsx";
import styles from "./Compose.module.css";
import { listOf } from "./form.ts";
import { problemWords } from "./problems.ts";
import { useReadFile } from "./queries.ts";

// Import this file only lazily: it brings react-aria.

interface ListProps {
  add(r: Recipient): void;
  close(): void;
}

/** Clients from a file of addresses or ids; every line that cannot be used is named. */
export function ListDialog({ add, close }: ListProps) {
  const [name, setName] = useState("");
  const read = useReadFile();
  const found = read.data?.client_ids ?? [];
  const bad = read.data?.bad ?? [];
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    setName(file.name);
    read.mutate(await file.text());
  };
  const submit = () => {
    if (found.length === 0) return;
    add(listOf(found, name));
    close();
  };
  return (
    <Dialog
      title="Clients from a file"
      close={close}
      onSubmit={submit}
      footer={
        <Confirm close={close} disabled={found.length === 0 || read.isPending}>
          {found.length > 0 ? `Add ${count(found.length, "client")}` : "Add clients"}
        </Confirm>
      }
    >
      <p>
        One e-mail address or id on each line, or a CSV file with a column <b>email</b> or <b>client_id</b>.
      </p>
      <label>
        <span className="sr">File</span>
        <input
          className={styles["file"]}
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          onChange={(e) => void choose(e)}
        />
      </label>
      {read.isPending && <p role="status">Looking through the file…</p>}
      {read.data && <p role="status">{`${count(found.length, "client")} found.`}</p>}
      {bad.length > 0 && <BadLines bad={bad} />}
      {read.error && (
        <Callout tone="danger" icon="circle-alert" live="alert">
          {problemWords(read.error)}
        </Callout>
      )}
    </Dialog>
  );
}

type Bad = NonNullable<ReturnType<typeof useReadFile>["data"]>["bad"];

const whys = {
  unknown: "belongs to nobody you can write to",
  twice: "is there twice",
} as const;

function BadLines({ bad }: { bad: Bad }) {
  return (
    <>
      <Callout tone="amber" icon="circle-alert" live="alert">
        {count(bad.length, "line")} can’t be used and will be left out.
      </Callout>
      <ul className={styles["bad"]} aria-label="Lines that can’t be used" tabIndex={0}>
        {bad.map((b) => (
          <li key={b.line}>
            <b>Line {b.line}:</b> “{b.value}” {whys[b.why]}
          </li>
        ))}
      </ul>
    </>
  );
}
