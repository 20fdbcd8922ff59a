import { type Kind, kinds, type Matrix, type Part } from "../../../api/clientNotifications.ts";
import { type Channel, channels } from "../../../api/preferences.ts";

/** One kind of notification through one channel. */
export type Cell = `${Kind}.${Channel}`;

export type Cells<T> = Record<Cell, T>;

/** Values of some cells. */
export type Some<T> = { [C in Cell]?: T | undefined };

/** All cells, in the order in which they are shown. */
export const cells = kinds.flatMap((kind) => channels.map((channel) => cellOf(kind, channel)));

export function cellOf(kind: Kind, channel: Channel): Cell {
  return `${kind}.${channel}`;
}

/** A value of every cell. */
export function eachCell<T>(value: (cell: Cell, kind: Kind, channel: Channel) => T): Cells<T> {
  return Object.fromEntries(
    kinds.flatMap((k) => channels.map((c) => [cellOf(k, c), value(cellOf(k, c), k, c)])),
  ) as Cells<T>;
}

/** A matrix as one value for each cell, so that each is edited apart. */
export function flat<T>(matrix: Matrix<T>): Cells<T> {
  return eachCell((_, kind, channel) => matrix[kind][channel]);
}

/** The cells that are there, as the server takes them. */
export function nested<T>(some: Some<T>): Part<T> {
  const part: Part<T> = {};
  for (const kind of kinds) {
    const named = channels.filter((c) => some[cellOf(kind, c)] !== undefined);
    if (named.length > 0)
      part[kind] = Object.fromEntries(named.map((c) => [c, some[cellOf(kind, c)]])) as Partial<
        Record<Channel, T>
      >;
  }
  return part;
}

/** The cells of a part, in order; null is a kind without any. */
export function named<T>(part: { [K in Kind]?: Part<T>[K] | null }): [Cell, T][] {
  return kinds.flatMap((k) =>
    channels.flatMap((c): [Cell, T][] => {
      const value = part[k]?.[c];
      return value === undefined ? [] : [[cellOf(k, c), value]];
    }),
  );
}
