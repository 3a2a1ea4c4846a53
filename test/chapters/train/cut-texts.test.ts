import assert from "node:assert/strict";
import { test } from "node:test";
import { cutTexts } from "#src/chapters/train/cut-texts.js";
import { tinyStudy } from "../../study/tiny-study.js";

test("texts longer than the study reads are counted, with their special tokens", async () => {
  const study = await tinyStudy({ set: { testRows: 40 } });
  const at = async (maxLength: number) => cutTexts({ ...study, settings: { ...study.settings, maxLength } });
  const { test: texts } = await study.domain("sst2");
  const lengths = texts.map(({ text }) => study.encoder.tokenizer?.encode(text).inputIds.length ?? 0);
  const limit = 12;
  const [sst2] = await at(limit);
  const sorted = [...lengths].sort((a, b) => a - b);
  assert.deepEqual(sst2, {
    domain: "sst2",
    median: (sorted[19] + sorted[20]) / 2,
    longest: sorted[39],
    cut: (100 * lengths.filter((length) => length > limit).length) / 40,
  });
  assert.ok(sst2.cut > 0 && sst2.cut < 100);
  assert.ok((await at(sst2.longest))[0].cut === 0);
});
