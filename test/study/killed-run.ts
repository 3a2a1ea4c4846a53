// A process to be killed: trains and mixes a tiny study in the folder given, and says when each unit is stored.
import { sweep } from "#src/chapters/mix/mixtures.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { tinyStudy } from "./tiny-study.js";

const study = await tinyStudy({}, process.argv[2]);
const options = { onProgress: ({ done, reused }: { done: number; reused: number }) => console.log(done, reused) };
const singles = await trainSingles(study, { methods: ["houlsby"] }, options);
await sweep(study, singles, [[0], [0, 1], [1, 2, 3]], options);
