import type { ReactNode } from "react";
import { Brand } from "../../ui/Brand.tsx";
import type { Picture } from "./guide.ts";
import styles from "./Install.module.css";

const lines: Record<Exclude<Picture, "icon">, ReactNode> = {
  share: (
    <>
      <path d="M12 3v12" />
      <path d="m8 6.5 4-3.5 4 3.5" />
      <path d="M8 10H6.5A1.5 1.5 0 0 0 5 11.5v8A1.5 1.5 0 0 0 6.5 21h11a1.5 1.5 0 0 0 1.5-1.5v-8a1.5 1.5 0 0 0-1.5-1.5H16" />
    </>
  ),
  menu: (
    <>
      <circle cx="12" cy="5" r="1" />
      <circle cx="12" cy="12" r="1" />
      <circle cx="12" cy="19" r="1" />
    </>
  ),
  add: (
    <>
      <rect x="4" y="4" width="16" height="16" rx="4" />
      <path d="M12 8.5v7M8.5 12h7" />
    </>
  ),
  bar: (
    <>
      <path d="M12.5 4H5a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-2.5" />
      <path d="M9 21h6M17.5 3v7M14.5 7.5l3 3 3-3" />
    </>
  ),
  dock: (
    <>
      <rect x="3" y="4" width="18" height="16" rx="2.5" />
      <path d="M7 16.5h10" />
    </>
  ),
  browser: (
    <>
      <rect x="3" y="4" width="18" height="16" rx="2.5" />
      <path d="M3 9h18" />
    </>
  ),
};

/** What to look for on the screen; the words beside it say the same. */
export function StepPicture({ picture }: { picture: Picture }) {
  return (
    <span className={styles["picture"]}>
      {picture === "icon" ? (
        <Brand size={26} />
      ) : (
        <svg
          width="26"
          height="26"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinecap="round"
          strokeLinejoin="round"
          aria-hidden="true"
        >
          {lines[picture]}
        </svg>
      )}
    </span>
  );
}
