import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";

/** Tables that are made of no unit's row, so that there is nothing to record. */
const ofNoUnit = new Set(
  `weightTable sweepTable domainTable settingsTable costTable encoderTable paperBlockTable paperDistanceTable
  paperTargetTable weighingTable trainingTable checksTable confusionTable learningCurveFigure`.split(/\s+/),
);

test("every figure and table of a chapter says from which rows it was made", () => {
  const folder = projectPath("src", "chapters");
  const silent = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(projectPath("src", "chapters", file), "utf8");
      const made = text.matchAll(/^export (?:async )?function (\w+(?:Figure|Table|Heatmap))\b[\s\S]*?^}$/gm);
      return [...made].filter(([body]) => !body.includes("madeFrom(")).map(([, name]) => name);
    });
  assert.deepEqual(
    silent.filter((name) => !ofNoUnit.has(name)),
    [],
  );
});
