import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Source.module.css";

export type Place = "client" | "group" | "default";

export const placeIcons: Record<Place, IconName> = {
  client: "user-round",
  group: "users-round",
  default: "sprout",
};

/** Where a switch's value comes from: picture and words, never a bare switch. */
export function Source({ place, children }: { place: Place; children: string }) {
  return (
    <span className={styles["source"]}>
      <Icon name={placeIcons[place]} size={14} />
      <span className="clip" title={children}>
        {children}
      </span>
    </span>
  );
}
