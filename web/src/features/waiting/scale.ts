/** The top of an axis of minutes, and its lines: a few round steps that hold the longest time. */
export function axis(most: number): { top: number; lines: number[] } {
  const steps = [5, 10, 15, 30, 60, 120, 180, 240, 480, 960, 1440, 2880];
  const last = steps[steps.length - 1] ?? 1;
  const step = steps.find((s) => s * 4 >= most) ?? Math.ceil(most / 4 / last) * last;
  const n = Math.max(1, Math.ceil(most / step));
  return { top: n * step, lines: Array.from({ length: n + 1 }, (_, i) => i * step) };
}

/**
 * Up to where the plot goes: what one week took much longer than the others, and than is
 * wanted, must not press all the rest to the ground.
 */
export function reach(goal: number, medians: readonly number[], longest: readonly number[]): number {
  const enough = 4 * Math.max(goal, ...medians);
  return Math.max(goal, ...longest.map((n) => Math.min(n, enough)));
}

/** Which of so many labels are written, so that they do not touch: every first, second, … */
export function every(labels: number, width: number, each: number): number {
  return Math.max(1, Math.ceil((labels * each) / Math.max(1, width)));
}
