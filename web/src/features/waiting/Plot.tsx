import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { FirstResponse } from "../../api/types.ts";
import { count } from "../../lib/text.ts";
import { shortDate } from "../../lib/time.ts";
import { duration } from "../../lib/waits.ts";
import { axis, every, reach } from "./scale.ts";
import styles from "./Waiting.module.css";

const height = 220;
const left = 64;
const bottom = 24;
const above = 14;

/**
 * Each week's median as a full bar in the outline of the time in which nine in ten were
 * answered, and the goal as a dashed line. An arrow stands on what is longer than the plot. The same numbers stand in the table below it.
 */
export function Plot({ report }: { report: FirstResponse }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const weeks = report.weeks ?? [];
  const goal = report.goal_hours * 60;
  const longest = weeks.map((w) => w.p90_minutes ?? 0);
  const medians = weeks.map((w) => w.median_minutes ?? 0);
  const { top, lines } = axis(reach(goal, medians, longest));
  const y = (minutes: number) => above + (height - above - bottom) * (1 - Math.min(minutes, top) / top);
  const slot = (width - left) / Math.max(1, weeks.length);
  const bar = Math.min(36, slot * 0.6);
  const x = (i: number) => left + slot * (i + 0.5);
  const written = every(weeks.length, width - left, 52);
  return (
    <figure className={styles["figure"]}>
      <div ref={box}>
        <svg width={width} height={height} role="img" aria-label={summary(report)}>
          {lines.map((line) => (
            <g key={line}>
              <line className={styles["line"]} x1={left} x2={width} y1={y(line)} y2={y(line)} />
              <text className={styles["label"]} x={left - 8} y={y(line) + 4} textAnchor="end">
                {duration(line)}
              </text>
            </g>
          ))}
          {weeks.map((w, i) => (
            <g key={w.week}>
              {w.p90_minutes !== null && (
                <Bar className={styles["p90"]} x={x(i)} width={bar} from={y(w.p90_minutes)} to={y(0)} />
              )}
              {w.median_minutes !== null && (
                <Bar className={styles["median"]} x={x(i)} width={bar} from={y(w.median_minutes)} to={y(0)} />
              )}
              {(longest[i] ?? 0) > top && (
                <Arrow className={styles["beyond"]} x={x(i)} width={Math.min(bar, 12)} />
              )}
              {i % written === 0 && (
                <text className={styles["label"]} x={x(i)} y={height - 6} textAnchor="middle">
                  {shortDate(`${w.from}T12:00:00Z`, new Date(), "UTC")}
                </text>
              )}
            </g>
          ))}
          <line className={styles["goal"]} x1={left} x2={width} y1={y(goal)} y2={y(goal)} />
        </svg>
      </div>
      <figcaption className={styles["legend"]}>
        <span className={styles["median"]}>Median</span>
        <span className={styles["p90"]}>9 in 10 answered within</span>
        <span className={styles["goal"]}>Goal</span>
        {longest.some((n) => n > top) && <span className={styles["beyond"]}>Longer than the plot</span>}
      </figcaption>
    </figure>
  );
}

interface BarProps {
  className: string | undefined;
  x: number;
  width: number;
  from: number;
  to: number;
}

function Bar({ className, x, width, from, to }: BarProps) {
  // What took no time at all is a line on the ground.
  const y = Math.min(from, to - 2);
  return <rect className={className} x={x - width / 2} width={width} y={y} height={to - y} rx={3} />;
}

/** Points out of the plot. */
function Arrow({ className, x, width }: { className: string | undefined; x: number; width: number }) {
  const base = above - 3;
  return (
    <path className={className} d={`M${x - width / 2} ${base}L${x} ${base - 8}L${x + width / 2} ${base}Z`} />
  );
}

/** The plot in one sentence. */
function summary(report: FirstResponse): string {
  const medians = (report.weeks ?? []).flatMap((w) => w.median_minutes ?? []);
  const words = `Median time to a first answer over ${count(report.weeks?.length ?? 0, "week")}`;
  if (medians.length === 0) return `${words}: nothing was answered.`;
  const [least, most] = [Math.min(...medians), Math.max(...medians)];
  return `${words}: from ${duration(least)} to ${duration(most)} of opening time. The numbers are in the table.`;
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(320);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(Math.max(200, Math.floor(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
