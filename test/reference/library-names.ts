const LORA =
  /encoder\.layer\.(\d+)\.(?:attention\.self\.)?(query|key|value|intermediate)(?:\.dense)?\.(?:loras\.[^.]+\.)?lora_([AB])(?:\.weight)?$/;
const PRODUCT = /encoder\.layer\.(\d+)\.attention\.self\.(query|key|value)(?:\.loras\.[^.]+\.delta_w)?$/;
const BOTTLENECK =
  /encoder\.layer\.(\d+)\.(attention\.output|output)\.adapters\.[^.]+\.adapter_(down\.0|up)\.(weight|bias)$/;

/**
 * Our name of an adapter's tensor as AdapterHub or PEFT calls it, whatever stands before `encoder.`; a LoRA matrix on its
 * own reads `….BA`. Undefined for anything else.
 */
export function ourName(theirs: string): string | undefined {
  const lora = LORA.exec(theirs);
  if (lora) return `layers.${lora[1]}.${lora[2]}.${lora[3]}`;
  const product = PRODUCT.exec(theirs);
  if (product) return `layers.${product[1]}.${product[2]}.BA`;
  const bottleneck = BOTTLENECK.exec(theirs);
  if (!bottleneck) return undefined;
  const [, layer, place, matrix, part] = bottleneck;
  return `layers.${layer}.${place === "output" ? "feedForward" : "attention"}.${matrix === "up" ? "up" : "down"}.${part}`;
}
