import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { openUniversalSentenceEncoder } from "#src/attacks/universal-sentence-encoder.js";
import { hasUniversalSentenceEncoder } from "#src/attacks/universal-sentence-files.js";
import { sentencesAtHand, sentenceUnit } from "#src/chapters/conflict/sentence-unit.js";
import { openStudy } from "#src/study/study.js";

const skip = hasUniversalSentenceEncoder() ? false : "npm run setup:use has not been run";
const folder = mkdtempSync(path.join(tmpdir(), "signmix-sentences-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a domain's texts lie at the mean of their sentence vectors", { skip }, async () => {
  const study = await openStudy({ profile: "smoke", quiet: true, workers: 1, results: folder, cache: folder });
  const unit = await sentenceUnit.unit(study, "sst2");
  const { row } = await sentenceUnit.run(study, unit);
  const { texts, embedding } = row as unknown as { texts: number; embedding: number[] };
  const examples = (await study.domain("sst2")).train.slice(0, study.settings.similarityTexts);
  assert.equal(texts, examples.length);
  const encoder = openUniversalSentenceEncoder();
  const vectors = encoder.embed(examples.map(({ text }) => text));
  encoder.dispose();
  for (const i of [0, 17, 511]) {
    const mean = vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length;
    assert.ok(Math.abs(embedding[i] - mean) < 1e-6);
  }
});

test("the classroom's rows are stored, so that nothing need be set up", async () => {
  const study = await openStudy({ profile: "classroom", quiet: true, workers: 1 });
  const { domains = [] } = study.settings as { domains?: string[] };
  const names = domains.length > 0 ? domains : ["sst2", "rct", "tweets"];
  for (const name of names) assert.ok(study.store.get(await sentenceUnit.unit(study, name)), name);
  const rows = await sentencesAtHand(study, names);
  assert.deepEqual(
    rows?.map(({ domain }) => domain),
    names,
  );
  assert.ok(rows?.every(({ embedding }) => embedding.length === 512));
});
