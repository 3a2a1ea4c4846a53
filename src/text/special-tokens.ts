import type { PostProcessor, TemplateItem } from "./tokenizer-definition.js";

/** One place in an encoded text: a special token, or all tokens of the first or second text. */
export type Slot = { id: number; typeId: number } | { text: "first" | "second"; typeId: number };

/** How special tokens are put around one text and around a pair. */
export interface SpecialTokenTemplate {
  single: Slot[];
  pair: Slot[];
}

/** Reads the template out of a `tokenizer.json`; without one, texts simply follow one another. */
export function specialTokenTemplate(processor: PostProcessor | null): SpecialTokenTemplate {
  const first: Slot = { text: "first", typeId: 0 };
  switch (processor?.type) {
    case "TemplateProcessing": {
      const slots = (items: TemplateItem[]) => items.flatMap((item) => slotsOf(item, processor.special_tokens));
      return { single: slots(processor.single), pair: slots(processor.pair) };
    }
    case "BertProcessing": {
      const [cls, sep] = [processor.cls[1], processor.sep[1]];
      const single = [{ id: cls, typeId: 0 }, first, { id: sep, typeId: 0 }];
      return { single, pair: [...single, { text: "second", typeId: 1 }, { id: sep, typeId: 1 }] };
    }
    case "RobertaProcessing": {
      const [cls, sep] = [processor.cls[1], processor.sep[1]];
      const single = [{ id: cls, typeId: 0 }, first, { id: sep, typeId: 0 }];
      const second: Slot[] = [
        { id: sep, typeId: 0 },
        { text: "second", typeId: 0 },
        { id: sep, typeId: 0 },
      ];
      return { single, pair: [...single, ...second] };
    }
    case "Sequence": {
      const inner = processor.processors.find(({ type }) => type !== "ByteLevel");
      return specialTokenTemplate(inner ?? null);
    }
    case "ByteLevel":
    case undefined:
      return { single: [first], pair: [first, { text: "second", typeId: 0 }] };
    default:
      throw new Error(`The tokenizer's post-processor "${(processor as { type: string }).type}" is not known.`);
  }
}

/** Number of special tokens among the slots. */
export function specialTokenCount(slots: Slot[]): number {
  return slots.filter((slot) => "id" in slot).length;
}

function slotsOf(item: TemplateItem, specials: Record<string, { ids: number[] }>): Slot[] {
  if ("Sequence" in item) {
    return [{ text: item.Sequence.id === "A" ? "first" : "second", typeId: item.Sequence.type_id }];
  }
  const { id, type_id: typeId } = item.SpecialToken;
  return specials[id].ids.map((token) => ({ id: token, typeId }));
}
