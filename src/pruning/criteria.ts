import { largest } from "./criteria/largest.js";
import { magnitude } from "./criteria/magnitude.js";
import { movement } from "./criteria/movement.js";
import { random } from "./criteria/random.js";
import { synflow } from "./criteria/synflow.js";

/** Every criterion by name: one file, and one line here. `snip`, `grasp` and `wanda`, which take numbers of texts, make functions. */
export const criteria = { magnitude, largest, random, movement, synflow };
