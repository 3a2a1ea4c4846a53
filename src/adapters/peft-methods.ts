import { shown } from "../files/shown.js";

/** What PEFT's other methods are, by peft_type. */
const METHODS: Readonly<Record<string, string>> = {
  IA3: "IA³, which scales activations by learned vectors",
  PREFIX_TUNING: "prefix tuning, which puts learned keys and values before each layer's",
  PROMPT_TUNING: "prompt tuning, which puts learned embeddings before the text",
  MULTITASK_PROMPT_TUNING: "multitask prompt tuning, which puts learned embeddings before the text",
  P_TUNING: "P-tuning, which puts learned embeddings before the text",
  ADAPTION_PROMPT: "LLaMA-Adapter, which puts learned prompts into layers",
  ADALORA: "AdaLoRA, a LoRA in the form of singular values whose ranks differ",
  LOHA: "LoHa, a Hadamard product of two low-rank products",
  LOKR: "LoKr, a Kronecker product",
  OFT: "OFT, which rotates weights",
  BOFT: "BOFT, which rotates weights",
  HRA: "HRA, which reflects weights",
  VERA: "VeRA, vectors on random matrices that all layers share",
  LN_TUNING: "tuned LayerNorms",
  XLORA: "X-LoRA, a learned mixture of LoRAs",
  POLY: "Poly, a learned mixture of LoRAs",
  FOURIERFT: "FourierFT, a change given by Fourier coefficients",
};

/** What an option of PEFT's LoRA makes of it. */
const VARIANTS: Readonly<Record<string, string>> = {
  use_dora: "it is DoRA, which learns the norm of each weight row beside a LoRA",
  lora_bias: "its B has a bias",
  bias: "it changes biases of the encoder beside its matrices",
  layer_replication: "it runs layers more than once",
  trainable_token_indices: "it changes embeddings of some tokens",
  target_parameters: "it changes parameters that are no matrix of a layer",
  use_qalora: "it is QALoRA, which pools the inputs of A",
  alora_invocation_tokens: "it is an activated LoRA, which acts only after certain tokens",
  loftq_config: "it starts from an encoder that LoftQ changed",
  init_lora_weights: "it starts from an encoder that its initialisation changed",
  arrow_config: "it chooses among LoRAs at each token",
  use_bdlora: "its matrices are block-diagonal",
};

/** @throws saying what the method is */
export function refuseMethod(type: unknown): never {
  const what = typeof type === "string" && Object.hasOwn(METHODS, type) ? ` is ${METHODS[type]}` : "";
  throw new Error(
    `A PEFT adapter of type ${shown(type)}${what} is not supported; of PEFT's methods signmix computes LoRA alone.`,
  );
}

/** @throws saying what the option makes of the LoRA */
export function refuseVariant(option: string, value: unknown): never {
  const what = Object.hasOwn(VARIANTS, option) ? `: ${VARIANTS[option]}` : "";
  throw new Error(`The PEFT option ${shown(option)} = ${shown(JSON.stringify(value))} is not supported${what}.`);
}
