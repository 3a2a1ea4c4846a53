import { readFileSync } from "node:fs";

/**
 * The processor's family and its widest vector instructions where they can be told, such as `x64-avx512` or `arm64`.
 * Results of one instruction set are equal to the last bit; those of two may differ in rounding.
 */
export function instructionSet(): string {
  if (process.platform !== "linux" || process.arch !== "x64") return process.arch;
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1].split(" ") ?? [];
  const widest = ["avx512f", "avx2", "avx"].find((name) => flags.includes(name));
  return widest ? `x64-${widest}` : "x64";
}
