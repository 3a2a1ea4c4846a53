import { codeHash } from "../experiments/code-hash.js";
import type { Study } from "../experiments/study.js";
import type { Provenance } from "./save-figure.js";

/** How a study's figures came about, for the manifest that `saveFigure` keeps. */
export function provenanceOf(study: Study, choices?: Record<string, unknown>): Provenance {
  return {
    profile: study.label,
    seeds: study.settings.seeds,
    encoder: study.encoder.name,
    data: dataName(study),
    backend: study.backend.name,
    moduleHash: codeHash(["experiments/train-unit.js", "experiments/evaluate-unit.js"]).slice(0, 16),
    ...(choices ? { choices } : {}),
  };
}

/** The line under a figure's title: profile, encoder, data, seeds and choices. */
export function subtitleOf(study: Study, choices: string[] = []): string {
  const { seeds } = study.settings;
  const parts = [
    `profile ${study.label}`,
    `encoder ${study.encoder.name}`,
    `${dataName(study)} text`,
    `seed${seeds.length > 1 ? "s" : ""} ${seeds.join(", ")}`,
    ...choices,
  ];
  return parts.join("; ");
}

function dataName(study: Study): string {
  return study.data || study.settings.source === "real" ? "real" : "generated";
}
