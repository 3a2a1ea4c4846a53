import { largest } from "./criteria/largest.js";
import { magnitude } from "./criteria/magnitude.js";
import { random } from "./criteria/random.js";

/** Every criterion by name: one file, and one line here. */
export const criteria = { magnitude, largest, random };
