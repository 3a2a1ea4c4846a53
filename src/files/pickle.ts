import { Budget } from "./budget.js";
import { viewOf } from "./byte-source.js";
import { countable, PickleGlobal, PickleTuple, type PickleValue, REFUSED, unescaped } from "./pickle-values.js";
import { shown } from "./shown.js";

/** What a pickle may ask for, beyond plain values. */
export interface PickleHandlers {
  /** Globals that may be named at all: each a function of this reader, or null if it may be named but not called. */
  globals: Record<string, ((args: PickleValue[]) => PickleValue) | null>;
  /** Resolves a persistent id. */
  persistent(id: PickleValue): PickleValue;
}

const MARK = Symbol("mark");

const PLAIN: PickleHandlers = {
  globals: {},
  persistent() {
    throw new Error("it refers to a storage where none can be");
  },
};

/**
 * Reads a pickle as data, of any protocol from 0 to 5. Only the opcodes that plain values and tensors need are known;
 * nothing of Python's is imported, called or looked up, so that no pickle can run anything.
 *
 * @param budget each step of the pickle draws one part
 * @returns the value (whole numbers beyond 2⁵³ as bigint), and where in `bytes` the pickle ended
 * @throws naming the opcode or the global that was found, and its place
 */
export function readPickle(
  bytes: Uint8Array,
  handlers: PickleHandlers = PLAIN,
  budget: Budget = new Budget("adapter"),
): { value: PickleValue; end: number } {
  return new Unpickler(bytes, handlers, budget).run();
}

class Unpickler {
  private readonly view: DataView;
  private readonly stack: (PickleValue | typeof MARK)[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private position = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly handlers: PickleHandlers,
    private readonly budget: Budget,
  ) {
    this.view = viewOf(bytes);
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      const start = this.position;
      const opcode = this.uint(1);
      this.budget.takeParts(1, "the steps of its pickle");
      if (opcode === 0x2e) return { value: this.pop(), end: this.position }; // STOP
      try {
        this.step(opcode);
      } catch (error) {
        throw new Error(`${(error as Error).message}, at byte ${start} of its pickle`);
      }
    }
  }

  private step(opcode: number): void {
    const { stack } = this;
    switch (opcode) {
      case 0x80: // PROTO
        this.checkProtocol(this.uint(1));
        return;
      case 0x28: // MARK
        stack.push(MARK);
        return;
      case 0x30: // POP
        this.take();
        return;
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
        stack.push(true);
        return;
      case 0x89: // NEWFALSE
        stack.push(false);
        return;
      case 0x4b: // BININT1
        stack.push(this.uint(1));
        return;
      case 0x4d: // BININT2
        stack.push(this.uint(2));
        return;
      case 0x4a: // BININT
        stack.push(this.view.getInt32(this.advance(4), true));
        return;
      case 0x8a: // LONG1
        stack.push(this.long(this.uint(1)));
        return;
      case 0x47: // BINFLOAT, the only big-endian one
        stack.push(this.view.getFloat64(this.advance(8), false));
        return;
      case 0x58: // BINUNICODE
        stack.push(this.text(this.uint(4)));
        return;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(this.text(this.uint(1)));
        return;
      case 0x8d: // BINUNICODE8
        stack.push(this.text(this.length8()));
        return;
      case 0x55: // SHORT_BINSTRING, of Python 2
        stack.push(this.text(this.uint(1)));
        return;
      case 0x54: // BINSTRING, of Python 2
        stack.push(this.text(this.uint(4)));
        return;
      case 0x95: // FRAME: how far the next bytes belong together
        this.length8();
        return;
      case 0x49: // INT: protocol 0 writes False and True as 00 and 01
        stack.push(this.decimal(this.line()));
        return;
      case 0x4c: // LONG
        stack.push(this.decimal(this.line().replace(/L$/, "")));
        return;
      case 0x46: // FLOAT
        stack.push(this.float(this.line()));
        return;
      case 0x56: // UNICODE, as Python's raw-unicode-escape
        stack.push(unescaped(this.line()));
        return;
      case 0x53: // STRING, as Python's repr
        stack.push(this.quoted(this.line()));
        return;
      case 0x64: // DICT
        stack.push(new Map());
        this.setItems(this.underTop());
        return;
      case 0x6c: // LIST
        stack.push(this.popToMark());
        return;
      case 0x70: // PUT
        this.memo.set(this.index(this.line()), this.top());
        return;
      case 0x67: // GET
        stack.push(this.recall(this.index(this.line())));
        return;
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return;
      case 0x32: // DUP
        stack.push(this.top());
        return;
      case 0x31: // POP_MARK
        this.popToMark();
        return;
      case 0x93: // STACK_GLOBAL
        stack.push(this.stackGlobal());
        return;
      case 0x29: // EMPTY_TUPLE
        stack.push(new PickleTuple([]));
        return;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(new PickleTuple(this.popMany(opcode - 0x84)));
        return;
      case 0x74: // TUPLE
        stack.push(new PickleTuple(this.popToMark()));
        return;
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        return;
      case 0x61: // APPEND
        this.append([this.pop()]);
        return;
      case 0x65: // APPENDS
        this.append(this.popToMark());
        return;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        return;
      case 0x73: // SETITEM
        this.setItems(this.popMany(2));
        return;
      case 0x75: // SETITEMS
        this.setItems(this.popToMark());
        return;
      case 0x71: // BINPUT
        this.memo.set(this.uint(1), this.top());
        return;
      case 0x72: // LONG_BINPUT
        this.memo.set(this.uint(4), this.top());
        return;
      case 0x68: // BINGET
        stack.push(this.recall(this.uint(1)));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(this.recall(this.uint(4)));
        return;
      case 0x63: // GLOBAL
        stack.push(this.global(`${this.line()}.${this.line()}`));
        return;
      case 0x51: // BINPERSID
        stack.push(this.handlers.persistent(this.pop()));
        return;
      case 0x52: // REDUCE
        stack.push(this.reduce());
        return;
      case 0x62: // BUILD
        this.build();
        return;
    }
    const code = `0x${opcode.toString(16).padStart(2, "0")}`;
    throw new Error(`it has the pickle opcode ${REFUSED[opcode] ?? "unknown"} (${code}); only tensors are read`);
  }

  private checkProtocol(protocol: number): void {
    if (protocol > 5) throw new Error(`it is pickled by protocol ${protocol}; protocols 0 to 5 are read`);
  }

  private stackGlobal(): PickleGlobal {
    const [module, name] = this.popMany(2);
    if (typeof module !== "string" || typeof name !== "string") throw new Error("it names a global by what is no text");
    return this.global(`${module}.${name}`);
  }

  private global(name: string): PickleGlobal {
    if (!Object.hasOwn(this.handlers.globals, name)) {
      throw new Error(`it asks for "${shown(name)}"; only tensors are read, and nothing is ever run`);
    }
    return new PickleGlobal(name);
  }

  private reduce(): PickleValue {
    const [callee, args] = this.popMany(2);
    if (!(callee instanceof PickleGlobal && args instanceof PickleTuple))
      throw new Error("it calls what is no function");
    const call = this.handlers.globals[callee.name];
    if (!call) throw new Error(`it calls "${shown(callee.name)}", which is no function`);
    return call(args.items);
  }

  /** Attributes given to an object. PyTorch gives them to the dict of a module's state (`_metadata`); not needed. */
  private build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw new Error("it gives attributes to what is no dict");
  }

  private append(items: PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Error("it appends to what is no list");
    for (const item of items) list.push(item);
  }

  private setItems(items: PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw new Error("it sets an item of what is no dict");
    if (items.length % 2 !== 0) throw new Error("a key of its dict has no value");
    for (let i = 0; i < items.length; i += 2) {
      if (dict.has(items[i]))
        throw new Error(`it has ${typeof items[i] === "string" ? `the key "${shown(items[i])}"` : "a key"} twice`);
      dict.set(items[i], items[i + 1]);
    }
  }

  private recall(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw new Error(`it recalls memo ${index}, which was never set`);
    return value;
  }

  private take(): PickleValue | typeof MARK {
    const value = this.stack.pop();
    if (value === undefined) throw new Error("it takes from an empty stack");
    return value;
  }

  private pop(): PickleValue {
    const value = this.take();
    if (value === MARK) throw new Error("it takes a mark for a value");
    return value;
  }

  private top(): PickleValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  private popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): PickleValue[] {
    const start = this.stack.lastIndexOf(MARK);
    if (start < 0) throw new Error("it takes to a mark that was never set");
    const items = this.stack.splice(start) as PickleValue[];
    return items.slice(1);
  }

  /** The items above the last mark, which lie under the top of the stack. */
  private underTop(): PickleValue[] {
    const top = this.pop();
    const items = this.popToMark();
    this.stack.push(top);
    return items;
  }

  private advance(bytes: number): number {
    const start = this.position;
    if (start + bytes > this.bytes.length) throw new Error(`its pickle is cut off at byte ${this.bytes.length}`);
    this.position += bytes;
    return start;
  }

  private uint(bytes: 1 | 2 | 4): number {
    const start = this.advance(bytes);
    if (bytes === 1) return this.view.getUint8(start);
    return bytes === 2 ? this.view.getUint16(start, true) : this.view.getUint32(start, true);
  }

  private long(bytes: number): number | bigint {
    let value = 0n;
    const start = this.advance(bytes);
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[start + i]);
    return countable(BigInt.asIntN(8 * bytes, value));
  }

  private length8(): number {
    const length = this.view.getBigUint64(this.advance(8), true);
    if (length > BigInt(this.bytes.length)) throw new Error(`its pickle is cut off at byte ${this.bytes.length}`);
    return Number(length);
  }

  private decimal(line: string): PickleValue {
    if (line === "00" || line === "01") return line === "01";
    if (!/^-?\d{1,300}$/.test(line)) throw new Error(`it has the number "${shown(line)}", which is none`);
    return countable(BigInt(line));
  }

  private float(line: string): number {
    const value = Number(line);
    if (line.trim() === "" || !Number.isFinite(value)) throw new Error(`it has the number "${shown(line)}"`);
    return value;
  }

  private index(line: string): number {
    if (!/^\d{1,9}$/.test(line)) throw new Error(`it has the memo "${shown(line)}", which is no number`);
    return Number(line);
  }

  private quoted(line: string): string {
    const text = /^(["'])([^\\]*)\1$/s.exec(line)?.[2];
    if (text === undefined) throw new Error("it has a text of Python 2 with escapes, which are not read");
    return text;
  }

  private text(bytes: number): string {
    const start = this.advance(bytes);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        this.bytes.subarray(start, start + bytes),
      );
    } catch {
      throw new Error("it has a text that is not UTF-8");
    }
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new Error("its pickle is cut off in a name");
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }
}
