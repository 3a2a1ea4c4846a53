import { type Batch, Type } from "@uwdata/flechette";
import { LimitError } from "../files/budget.js";
import { MOST_CELLS } from "./table-size.js";

/*
 * The values of an Arrow column may be lists, each of which states where in a list of members it starts and ends, whether or
 * not there are so many; and lists may share their members. What reading them takes is counted before they are read.
 */

/** What the library's batches have beyond their declared type. */
interface Parts {
  type: { typeId: number; stride?: number };
  length: number;
  children?: readonly (Batch<unknown> & Parts)[];
  offsets?: ArrayLike<number | bigint>;
  sizes?: ArrayLike<number | bigint>;
  dictionary?: { data: readonly Batch<unknown>[] };
}

/**
 * @param columns batches of the columns that are to be read
 * @throws Error if a list reaches beyond its members; LimitError if the members of all lists are too many to be held
 */
export function checkLists(columns: readonly (readonly Batch<unknown>[])[]): void {
  let members = 0;
  const take = (count: number): void => {
    members += count;
    if (members > MOST_CELLS) {
      throw new LimitError(`its lists have more than ${MOST_CELLS} members; split it, or take fewer columns`);
    }
  };
  for (const batches of columns) for (const batch of batches) weigh(batch as unknown as Parts, 0, batch.length, take);
}

/** Counts what the values from one place to another hold. */
function weigh(batch: Parts, from: number, to: number, take: (count: number) => void): void {
  const { type, children = [], dictionary } = batch;
  // the library reads a dictionary once, however often a row names it
  if (type.typeId === Type.Dictionary) {
    for (const part of dictionary?.data ?? []) weigh(part as unknown as Parts, 0, part.length, take);
    return;
  }
  const extent = extents[type.typeId];
  const holds = children.some(isNested);
  if (extent === undefined) {
    for (const child of children) {
      if (child.length < to && type.typeId === Type.Struct) throw beyond(to, child.length);
      if (isNested(child)) weigh(child, 0, child.length, take);
    }
    return;
  }
  const [child] = children;
  for (let at = from; at < to; at++) {
    const [start, end] = extent(batch, at);
    if (!(start >= 0 && start <= end && end <= child.length)) throw beyond(end, child.length);
    take(end - start);
    if (holds) weigh(child, start, end, take);
  }
}

/** Where the members of one value start and end, by type. */
const extents: Readonly<Record<number, (batch: Parts, at: number) => [start: number, end: number]>> = {
  [Type.List]: between,
  [Type.LargeList]: between,
  [Type.Map]: between,
  [Type.ListView]: sized,
  [Type.LargeListView]: sized,
  [Type.FixedSizeList]: ({ type: { stride = 0 } }, at) => [at * stride, (at + 1) * stride],
};

function between({ offsets = [] }: Parts, at: number): [number, number] {
  return [Number(offsets[at]), Number(offsets[at + 1])];
}

function sized({ offsets = [], sizes = [] }: Parts, at: number): [number, number] {
  const start = Number(offsets[at]);
  return [start, start + Number(sizes[at])];
}

const isNested = ({ children = [], type }: Parts): boolean => children.length > 0 || type.typeId === Type.Dictionary;

const beyond = (end: number, length: number) =>
  new Error(`a list reaches to member ${end} of ${length}; it was cut off, or is damaged`);
