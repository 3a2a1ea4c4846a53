import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDomain } from "#src/chapters/own/domain-checks.js";
import { checksTable } from "#src/chapters/own/tables.js";
import { createDomain } from "#src/domains/domain.js";

const labels = ["a", "b", "c", "d", "e", "f", "g", "h"];
const part = (split: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    text: `${split} ${i} ${"word ".repeat(i % 7)}`,
    label: i % labels.length,
  }));

test("a table names six labels and says how many more there are", () => {
  const domain = createDomain({
    ...{ name: "many", labels, train: part("train", 80), dev: part("dev", 16), test: part("test", 16), source: "test" },
  });
  const checks = checkDomain(domain);
  const [train] = checksTable(checks, domain);
  assert.equal(train.domain, "many");
  assert.equal(train.labels, "a 13%, b 13%, c 13%, d 13%, e 13%, f 13%, and 2 more");
  assert.ok(checks.warnings.includes("16 dev rows decide little: a difference of three points needs some 900."));
});
