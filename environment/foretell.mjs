// node environment/foretell.mjs: fits what `signmix advise` foretells without rows on the stored rows of classroom, and writes data/foretold-loss.json.
import { runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

runMain(async () => {
  await setUp();
  const { openStudy } = await import("../dist/study/study.js");
  const { fitLossLines } = await import("../dist/chapters/beyond/loss-lines.js");
  const { lossLinesFile } = await import("../dist/chapters/conflict/foretold-loss.js");
  const { writeJsonAtomic } = await import("../dist/files/atomic.js");
  const lines = await fitLossLines(await openStudy({ profile: "classroom" }));
  writeJsonAtomic(lossLinesFile(), lines);
  for (const { label, error, errorOfMean, rank } of lines.lines) {
    const [ours, mean] = [error, errorOfMean].map((points) => points.toFixed(2));
    console.log(`${label}: errs by ${ours} points, the mean by ${mean}; rank correlation ${rank.effect.toFixed(2)}`);
  }
});
