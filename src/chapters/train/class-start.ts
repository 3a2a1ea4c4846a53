import type { Domain } from "../../domains/domain.js";
import { inRegime } from "../../study/in-regime.js";
import type { Study } from "../../study/study.js";

/**
 * The study as a domain's adapter is trained in it: under `byClasses` a domain of `sharedClasses` labels starts from the
 * shared start, which then is that of its number of labels.
 */
export function atClassStart(study: Study, { labels }: Pick<Domain, "labels">): Study {
  const { start, schedule, sharedClasses } = study.settings;
  if (start !== "byClasses" || labels.length !== sharedClasses) return study;
  return inRegime(study, { start: "shared", schedule });
}
