/** More of the encoder: its configuration, parts and outputs as types. */
export type { EncoderConfig, EncoderFamily } from "./config.js";
export type { EncoderParts } from "./encoder.js";
export type { EncoderOutput, ForwardOptions, TokenTensors } from "./forward.js";
export type { HeadConfig } from "./heads.js";
export type { LayerHooks, LinearName, SubLayer } from "./hooks.js";
