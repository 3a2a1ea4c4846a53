import type * as tf from "@tensorflow/tfjs";

/** The matrices of one layer, named as in the Hugging Face BERT implementation. */
export type LinearName = "query" | "key" | "value" | "attentionOutput" | "intermediate" | "output";

/** What a sub-layer hands to a hook at its end. */
export interface SubLayer {
  /** Output of the sub-layer's last matrix, before the residual. [batch, time, hidden] */
  hidden: tf.Tensor;
  /** Input of the sub-layer, the residual. [batch, time, hidden] */
  input: tf.Tensor;
  /** The sub-layer's own LayerNorm. */
  norm(x: tf.Tensor): tf.Tensor;
}

/**
 * The places where an adapter may act. Every hook is optional; an encoder without hooks is the frozen encoder.
 * `layer` counts from 0.
 */
export interface LayerHooks {
  /** Replaces the word-embedding output (before position and segment embeddings). [batch, time, hidden] */
  wordEmbeddings?(embedded: tf.Tensor): tf.Tensor;
  /** The matrices that `linear` may change; all where it is left out. */
  matrices?: readonly LinearName[];
  /** Given x [.., in] and y = W x + b [.., out], returns what takes the place of y. */
  linear?(name: LinearName, layer: number, x: tf.Tensor, y: tf.Tensor): tf.Tensor;
  /** Returns the attention sub-layer's output; without it, norm(hidden + input). */
  afterAttention?(layer: number, at: SubLayer): tf.Tensor;
  /** Returns the feed-forward sub-layer's output; without it, norm(hidden + input). */
  afterFeedForward?(layer: number, at: SubLayer): tf.Tensor;
}
