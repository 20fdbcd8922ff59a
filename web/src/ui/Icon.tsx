import { shapes } from "./iconShapes.tsx";

export type IconName = keyof typeof shapes;

interface IconProps {
  name: IconName;
  /** Edge in pixels; 18 unless told. */
  size?: 12 | 14 | 16 | 18 | 20 | 22 | 24;
  className?: string | undefined;
}

const strokes: Record<number, number> = { 12: 2.25, 14: 2, 24: 1.6 };

/** A decorative picture; the words beside it carry the meaning. */
export function Icon({ name, size = 18, className }: IconProps) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={strokes[size] ?? 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[name]}
    </svg>
  );
}
