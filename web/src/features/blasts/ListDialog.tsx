import { type ChangeEvent, useState } from "react";
import type { Recipient } from "../../api/recipients.ts";
import { count } from "../../lib/text.ts";
import { Confirm, Dialog } from "../../ui/Dialog.tsx";
import { BadLines, FileField } from "../../ui/FileField.tsx";
import { Callout } from "../../ui/States.tsx";
import { listOf } from "./form.ts";
import { problemWords } from "./problems.ts";
import { useReadFile } from "./queries.ts";

// Import this file only lazily: it brings react-aria.

const whys = {
  unknown: "belongs to nobody you can write to",
  twice: "is there twice",
} as const;

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
        One email address or id on each line, or a CSV file with a column <b>email</b> or <b>client_id</b>.
      </p>
      <FileField label="File" accept=".csv,.txt,text/csv,text/plain" onChange={(e) => void choose(e)} />
      {read.isPending && <p role="status">Looking through the file…</p>}
      {read.data && <p role="status">{`${count(found.length, "client")} found.`}</p>}
      {bad.length > 0 && (
        <>
          <Callout tone="amber" icon="circle-alert" live="alert">
            {count(bad.length, "line")} can’t be used and will be left out.
          </Callout>
          <BadLines lines={bad.map((b) => ({ line: b.line, why: `“${b.value}” ${whys[b.why]}` }))} />
        </>
      )}
      {read.error && (
        <Callout tone="danger" icon="circle-alert" live="alert">
          {problemWords(read.error)}
        </Callout>
      )}
    </Dialog>
  );
}
