/** What a budget is for; it chooses the limits. */
export type BudgetKind = "config" | "tokenizer" | "notebook" | "listing" | "table" | "adapter" | "encoder";

/** What the readers of one file, or of one folder together, may take. */
export interface Limits {
  /** Bytes in memory: those read, unpacked and decoded. */
  bytes: number;
  /** Parts: values of JSON, steps of a pickle, tensors, entries of an archive. */
  parts: number;
  /** Levels of lists and objects inside one another. */
  depth: number;
}

const MiB = 2 ** 20;

/**
 * Most that a file of each kind may take. All readers draw from these: what would go beyond is refused before it is
 * taken, so that a refusal stays below 500 MB.
 */
export const LIMITS: Readonly<Record<BudgetKind, Readonly<Limits>>> = {
  config: { bytes: 8 * MiB, parts: 500_000, depth: 64 },
  tokenizer: { bytes: 48 * MiB, parts: 2_000_000, depth: 64 },
  notebook: { bytes: 96 * MiB, parts: 2_000_000, depth: 200 },
  listing: { bytes: 32 * MiB, parts: 2_000_000, depth: 32 },
  table: { bytes: 512 * MiB, parts: 100_000_000, depth: 64 },
  adapter: { bytes: 256 * MiB, parts: 500_000, depth: 64 },
  encoder: { bytes: 4096 * MiB, parts: 1_000_000, depth: 64 },
};

/** Longest header of a safetensors file and longest pickle that are read, in bytes. The largest seen has 0.2 MB. */
export const MOST_HEADER_BYTES = 16 * MiB;

/** Most layers, classes and numbers of one adapter that a configuration may ask for. */
export const MOST_LAYERS = 1024;
export const MOST_CLASSES = 100_000;
export const MOST_ADAPTER_NUMBERS = LIMITS.adapter.bytes / 4;

/** Something asks for more than its budget holds. */
export class LimitError extends Error {}

/** What is left for the readers of a file. Draw before taking; drawing too much throws. */
export class Budget {
  private bytesLeft: number;
  private partsLeft: number;
  readonly limits: Limits;

  /** @param limits what differs from the limits of the kind */
  constructor(
    readonly kind: BudgetKind,
    limits: Partial<Limits> = {},
  ) {
    this.limits = { ...LIMITS[kind], ...limits };
    this.bytesLeft = this.limits.bytes;
    this.partsLeft = this.limits.parts;
  }

  /** Draws bytes for `what`, such as "its header". */
  takeBytes(bytes: number, what: string): void {
    if (!(bytes <= this.bytesLeft)) {
      const whole = formatBytes(this.limits.bytes);
      throw new LimitError(
        `${what} would take ${formatBytes(bytes)}, and a file of this kind may take ${whole} in all`,
      );
    }
    this.bytesLeft -= bytes;
  }

  /** Gives bytes back that are not held any more. */
  giveBack(bytes: number): void {
    this.bytesLeft += bytes;
  }

  /** Draws parts for `what`, such as "its tensors". */
  takeParts(parts: number, what: string): void {
    if (!(parts <= this.partsLeft)) {
      throw new LimitError(
        `${what} would be more than the ${this.limits.parts} parts that a file of this kind may have`,
      );
    }
    this.partsLeft -= parts;
  }

  /** Checks how deep something is nested. */
  checkDepth(depth: number, what: string): void {
    if (depth > this.limits.depth) {
      throw new LimitError(`${what} is nested more than ${this.limits.depth} levels deep`);
    }
  }

  /** How many bytes and parts are left. */
  left(): { bytes: number; parts: number } {
    return { bytes: this.bytesLeft, parts: this.partsLeft };
  }
}

/**
 * Checks that what packed or shared bytes unfold to stays in proportion: at most 64 MiB and four times the file, which
 * every honest checkpoint keeps (a byte widens to an int32; matrices are tied twice).
 */
export function checkExpansion(unfolded: number, fileSize: number): void {
  if (!(unfolded <= 64 * MiB + 4 * fileSize)) {
    throw new LimitError(
      `its ${formatBytes(fileSize)} would unfold to ${formatBytes(unfolded)}, more than four times as much and 64 MB`,
    );
  }
}

/** "3.2 GB", "512 MB", "77 bytes". */
export function formatBytes(bytes: number): string {
  if (!(bytes < Number.MAX_SAFE_INTEGER)) return "more bytes than can be counted";
  const units: [number, string][] = [
    [2 ** 30, "GB"],
    [MiB, "MB"],
    [2 ** 10, "kB"],
  ];
  const found = units.find(([size]) => bytes >= size);
  if (!found) return `${bytes} bytes`;
  const value = bytes / found[0];
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ${found[1]}`;
}
