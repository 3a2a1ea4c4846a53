/** What a library's folder told of the model that an adapter was trained in, kept so that an export is as the import was. */
export interface SavedModel {
  /** The libraries' name of the model (`model_type`) where it is not the family's. */
  modelType?: string;
  /** PEFT: whether it was the bare encoder, whose tensors bear no prefix such as `bert.` */
  bare?: boolean;
  /** PEFT's task type, such as `FEATURE_EXTRACTION`; null for none. */
  taskType?: string | null;
  /** PEFT's class of the model, where it had no task type. */
  autoMapping?: Record<string, unknown>;
}

/** The encoder an adapter was made for; an adapter fits encoders of equal shape. */
export interface AdapterBase {
  /** `bert`, `roberta` or `distilbert`, or {@link EITHER_FAMILY}. */
  family: string;
  hiddenSize: number;
  /** Absent where unknown: an imported adapter does not always tell. */
  intermediateSize?: number;
  layers: number;
  /** True where the encoder may have more layers than that: an adapter that leaves layers out does not tell. */
  layersAtLeast?: true;
  saved?: SavedModel;
  /** Name or hash of the encoder where it is known. */
  encoder?: string;
}

/** The family of an adapter whose file fits BERT and RoBERTa, and tells not which it is for. */
export const EITHER_FAMILY = "bert or roberta";
