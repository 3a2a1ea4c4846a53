/** Sign conflict between a study's adapters, and how it goes with harm (notebook 03). */
export { fsdByLayerFigure, fsdHeatmap, harmByFsdFigure } from "./figures.js";
export { type HarmRow, withFsd } from "./harm.js";
export { anchoredFsd, pairwiseFsd, pairwiseSigns } from "./pairwise.js";
export { describeAssociation, describeHarm, describePairs } from "./sentences.js";
export { type Harm, type SignAssociation, type SignAssociationOptions, signAssociation } from "./sign-association.js";
export { associationTable, initialisationTable } from "./tables.js";
export { type TextResult, type TextRow, textUnit } from "./text-unit.js";
