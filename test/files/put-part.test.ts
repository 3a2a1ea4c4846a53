import assert from "node:assert/strict";
import { test } from "node:test";
import { putPart } from "#src/files/put-part.js";

test("a part goes between its markers and nowhere else; twice is the same as once", () => {
  const text = "# Title\n\n<!-- scorecard -->\nold\n<!-- /scorecard -->\n\nrest\n";
  const once = putPart(text, "scorecard", "| new |");
  assert.equal(once, "# Title\n\n<!-- scorecard -->\n\n| new |\n\n<!-- /scorecard -->\n\nrest\n");
  assert.equal(putPart(once, "scorecard", "| new |"), once);
  for (const wrong of ["none", "<!-- scorecard --> alone", `${text}${text}`])
    assert.throws(() => putPart(wrong, "scorecard", "| new |"), /needs the lines <!-- scorecard --> and/);
});
