import { basename, resolve } from "node:path";
import type { AdapterFormat } from "../../adapters/folder.js";
import { exportAdapter } from "../../adapters/folder.js";
import { modelCard, writeModelCard } from "../../adapters/model-card.js";
import { formatFixed } from "../../display/number-format.js";
import { writeFolderAtomic } from "../../files/atomic.js";
import type { Advice } from "./advice.js";
import type { Member } from "./member.js";
import { weighedMixture } from "./weighed-mixture.js";

/**
 * Writes the proposed mixture with a model card, if it may be mixed; the heads of its members stay where they are.
 *
 * @returns whether anything was written
 */
export function saveProposal(
  { proposal }: Advice,
  members: readonly Member[],
  folder: string,
  options: { format?: AdapterFormat; license?: string; anyEncoder?: boolean } = {},
): boolean {
  if (proposal?.verdict !== "mix") return false;
  const { format = "signmix", license, anyEncoder } = options;
  const named = new Map(members.map(({ adapter }) => [adapter.name, adapter]));
  const adapters = proposal.members.flatMap((name) => named.get(name) ?? []);
  const name = basename(resolve(folder));
  const mixture = weighedMixture(adapters, proposal, { name, ...(anyEncoder && { anyEncoder }) });
  const lost = proposal.targets.map((target) => `${target.name} ${formatFixed(target.lost.effect)}`).join(", ");
  const card = modelCard({ adapter: mixture }, format, {
    ...(license !== undefined && { license }),
    mixedFrom: proposal.members,
    notes: [`Points of accuracy lost on the rows that it was chosen by: ${lost}. Use each domain's own head with it.`],
  });
  writeFolderAtomic(folder, (staged) => {
    exportAdapter(mixture, staged, format);
    writeModelCard(staged, card);
  });
  return true;
}
