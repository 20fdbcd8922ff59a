/** Hearth's mark. */
export function Brand({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        fill="var(--pine)"
        d="M4 15.5C4 8.6 9.4 3 16 3s12 5.6 12 12.5V26a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z"
      />
      <path
        fill="#f3a27a"
        d="M16.6 9.2c.3 2.9 5.4 5.2 5.4 10.3 0 3.7-2.7 6.5-6 6.5s-6-2.6-6-6.1c0-2.4 1.2-4.1 2.5-5.4.2 1.3.7 2.2 1.6 2.7-.2-3.4.6-6.2 2.5-8z"
      />
    </svg>
  );
}

/** Two bubbles, one with a flame: the picture of an inbox that waits. */
export function BubblesArt() {
  return (
    <svg width="132" height="104" viewBox="0 0 132 104" fill="none" aria-hidden="true">
      <rect x="10" y="20" width="74" height="50" rx="18" fill="var(--sunken)" />
      <path d="M26 70v15l15-15z" fill="var(--sunken)" />
      <rect x="26" y="37" width="42" height="5" rx="2.5" fill="var(--line-strong)" />
      <rect x="26" y="49" width="27" height="5" rx="2.5" fill="var(--line-strong)" />
      <rect x="58" y="44" width="64" height="44" rx="17" fill="var(--pine)" />
      <path d="M108 86v13L93 86z" fill="var(--pine)" />
      <path
        transform="translate(75.5 50)"
        d="M15 3c.3 3.5 6.5 6.5 6.5 13 0 6-4 9.5-8 9.5S5.5 22 5.5 17.5c0-3 1.5-5.2 3.2-7 .3 1.8 1 3 2.2 3.6C10.6 9.8 11.7 5.8 15 3z"
        fill="#f3a27a"
      />
    </svg>
  );
}
