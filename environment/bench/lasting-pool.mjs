// A pool of runUnits that stays warm between the turns of a benchmark.
import { runUnits } from "../../dist/engine/pool.js";

/**
 * Starts `runUnits` on units that are handed over turn by turn. Between two turns every worker waits, warm: its lane is held
 * in `onResult`, and the list of units grows before it goes on.
 *
 * @returns `turn(units)`, which gives the results in order and needs one unit or more for each worker, and `close()`
 */
export function lastingPool(entry, workers, backend) {
  const units = [];
  const results = [];
  let taken = 0;
  let ended = Promise.resolve();
  let open = () => {};
  let gate = Promise.resolve();
  let finish = () => {};
  const holdLanes = () => {
    gate = new Promise((resolve) => {
      open = resolve;
    });
  };

  async function onResult(result, index) {
    results[index] = result;
    const waiting = gate;
    if (results.filter(() => true).length === units.length) finish();
    if (taken === units.length) await waiting;
    taken++;
  }

  return {
    async turn(more) {
      if (more.length < workers)
        throw new Error(`${workers} workers need as many units in a turn, not ${more.length}.`);
      const first = units.length;
      units.push(...more);
      const finished = new Promise((resolve) => {
        finish = resolve;
      });
      const release = open;
      holdLanes();
      if (first === 0) {
        taken = workers;
        ended = runUnits(entry, units, { workers, backend, onResult });
      } else release();
      await Promise.race([finished, ended]);
      return results.slice(first);
    },
    async close() {
      open();
      await ended;
    },
  };
}
