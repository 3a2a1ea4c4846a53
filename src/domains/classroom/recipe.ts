import type { DomainName } from "../domain.js";
import type { Grammar, Writer } from "./grammar.js";

/** Text, or pair of texts, that a recipe writes for one label. */
export interface Written {
  text: string;
  textPair?: string;
}

/** How one classroom domain is written. */
export interface Recipe {
  name: DomainName;
  /** One sentence for readers: what the task is and what makes it hard. */
  task: string;
  labels: readonly string[];
  pair: boolean;
  /** Share of training labels replaced by another label. Dev and test are clean. */
  labelNoise: number;
  grammar: Grammar;
  /** Writes one example of the label with this index. */
  write(writer: Writer, label: number): Written;
}
