/** What a piece of work returns, and the seconds that it took. */
export function timed(work) {
  const start = performance.now();
  const result = work();
  return { result, seconds: (performance.now() - start) / 1000 };
}
