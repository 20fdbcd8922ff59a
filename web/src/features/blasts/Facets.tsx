import { cx } from "../../ui/cx.ts";
import facet from "../../ui/Facets.module.css";
import styles from "./Blasts.module.css";

export interface Facet {
  id: string;
  label: string;
  count: number;
}

interface FacetsProps {
  label: string;
  facets: readonly Facet[];
  chosen: string;
  choose(id: string): void;
}

/** Parts of a list with their numbers. */
export function Facets({ label, facets, chosen, choose }: FacetsProps) {
  return (
    <div className={cx(facet["facets"], styles["facets"])} role="group" aria-label={label}>
      {facets.map((f) => (
        <button key={f.id} type="button" aria-pressed={f.id === chosen} onClick={() => choose(f.id)}>
          {f.label} <b>{f.count.toLocaleString("en-US")}</b>
        </button>
      ))}
    </div>
  );
}
