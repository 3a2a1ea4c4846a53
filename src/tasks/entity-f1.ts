/** A stretch of words that is one entity. */
export interface Entity {
  type: string;
  from: number;
  /** The word after its last. */
  to: number;
}

/**
 * The entities that tags name: `B-X` begins one of type X, `I-X` goes on with it, and begins one where none of its type is
 * open, as CoNLL's evaluation (Tjong Kim Sang and De Meulder 2003) and seqeval by default count them.
 */
export function entitiesOf(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let open: Entity | undefined;
  tags.forEach((tag, at) => {
    const [, place, type] = /^([BI])-(.+)$/.exec(tag) ?? [];
    if (open && place === "I" && open.type === type) {
      open.to = at + 1;
      return;
    }
    open = place ? { type, from: at, to: at + 1 } : undefined;
    if (open) entities.push(open);
  });
  return entities;
}

/**
 * F1 by entity over all texts: an entity counts where type and both ends are right. F1 = 2·TP / (2·TP + FP + FN); 0 where
 * nothing is found and nothing is there.
 */
export function entityF1(found: readonly (readonly string[])[], wanted: readonly (readonly string[])[]): number {
  let [both, either] = [0, 0];
  found.forEach((tags, text) => {
    const key = ({ type, from, to }: Entity) => `${type} ${from} ${to}`;
    const [ours, theirs] = [entitiesOf(tags).map(key), entitiesOf(wanted[text]).map(key)];
    const right = ours.filter((one) => theirs.includes(one)).length;
    both += right;
    either += ours.length + theirs.length - 2 * right;
  });
  return both === 0 ? 0 : (2 * both) / (2 * both + either);
}
