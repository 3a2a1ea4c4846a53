import { currentExecution } from "./running.js";

/*
 * What a cell's `await` at its top level becomes (see compiler.ts). An interrupted cell does not go on when what it waited
 * for has come: the wait fails, so that `finally` is done, and later waits of the cell never end.
 */

const never = new Promise<never>(() => {});

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

/** What is awaited in place of a value. */
export function wait(value: unknown): unknown {
  const interruption = currentExecution()?.interruption;
  if (!interruption) return value;
  if (interruption.happened) return never;
  return isThenable(value) ? Promise.race([value, interruption.promise]) : value;
}

/** What `for await` goes through in place of a sequence. */
export async function* each(values: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<unknown> {
  const iterator = Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
  let whole = false;
  try {
    for (;;) {
      const next = (await wait(iterator.next())) as IteratorResult<unknown>;
      if (next.done) {
        whole = true;
        return;
      }
      yield await wait(next.value);
    }
  } finally {
    if (!whole) await iterator.return?.();
  }
}
