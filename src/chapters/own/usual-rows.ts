/** Rows of dev that would decide most pairs: those that leave ±3 points where a fifth of the answers differ. */
export const USUAL_ROWS = 900;
