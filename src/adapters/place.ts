/** Where a tensor of an adapter sits. */
export interface TensorPlace {
  layer: number;
  /** `attention`, `feedForward`, or the name of the matrix that LoRA changes. */
  module: string;
  /** `down.weight`, `down.bias`, `up.weight`, `up.bias`, `A` or `B`. */
  part: string;
}

/** Splits an adapter tensor's name into layer, module and part. */
export function placeOf(tensorName: string): TensorPlace {
  const match = /^layers\.(\d+)\.([A-Za-z]+)\.(.+)$/.exec(tensorName);
  if (!match) throw new Error(`"${tensorName}" is not an adapter tensor; names read layers.<n>.<module>.<part>.`);
  return { layer: Number(match[1]), module: match[2], part: match[3] };
}
