/** Writes one line to the kernel's own standard error, where Jupyter keeps its log. */
export function log(text: string): void {
  process.stderr.write(`[signmix kernel] ${text}\n`);
}
