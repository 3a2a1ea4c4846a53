/** A pickled tuple; a pickled list is a plain array, a dict or OrderedDict a Map. */
export class PickleTuple {
  constructor(readonly items: PickleValue[]) {}
}

/** A name that the pickle refers to, `module.name`; it is never looked up, only compared. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** Something that the reader's own {@link PickleHandlers} made. */
export class PickleObject<T = unknown> {
  constructor(readonly value: T) {}
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleValue[]
  | PickleTuple
  | PickleGlobal
  | PickleObject
  | Map<PickleValue, PickleValue>;

/** A whole number, or a bigint where it is beyond 2⁵³. */
export function countable(value: bigint): number | bigint {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** Python's raw-unicode-escape. */
export function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short, long) => {
    const code = Number.parseInt(short ?? long, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Names of the opcodes that a reader of plain tensors never needs, for the message. */
export const REFUSED: Record<number, string> = {
  80: "PERSID",
  66: "BINBYTES",
  67: "SHORT_BINBYTES",
  142: "BINBYTES8",
  150: "BYTEARRAY8",
  139: "LONG4",
  143: "EMPTY_SET",
  144: "ADDITEMS",
  145: "FROZENSET",
  105: "INST",
  111: "OBJ",
  129: "NEWOBJ",
  146: "NEWOBJ_EX",
  130: "EXT1",
  131: "EXT2",
  132: "EXT4",
  151: "NEXT_BUFFER",
  152: "READONLY_BUFFER",
};
