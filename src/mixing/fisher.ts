import type { Adapter } from "../adapters/adapter.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { assertComparable } from "../signs/comparable.js";
import { keptSeed, mixtureOf } from "./average.js";
import { settleCoefficients } from "./coefficients.js";

/**
 * The average of adapters weighted by their Fisher information, Σ cᵢFᵢθᵢ / Σ cᵢFᵢ at each weight: where the texts of one adapter
 * feel a weight and those of the others do not, its own value stands. Where none feels it, the uniform average.
 * Matena & Raffel (2022), arXiv 2111.09832, equation 3.
 *
 * By hand: θ = 1 and 3, F = 3 and 1: (3·1 + 1·3)/4 = 1.5, where the average is 2.
 *
 * @param information of each adapter, as `fisherInformation` gives it; as they are, so that texts that feel more weigh more
 * @throws where configurations or encoders differ, or information is missing or negative, naming the tensor
 */
export function fisherAverage(
  adapters: readonly Adapter[],
  information: readonly NamedTensorData[],
  options: { coefficients?: readonly number[]; name?: string } = {},
): Adapter {
  if (adapters.length === 0) throw new Error("A mixture needs at least one adapter.");
  if (information.length !== adapters.length) {
    throw new Error(`${adapters.length} adapters need as many sets of Fisher information, not ${information.length}.`);
  }
  assertComparable(adapters);
  const coefficients = settleCoefficients(adapters.length, options.coefficients, true);
  const tensors = Object.entries(adapters[0].tensors).map(([name, { shape, data }]) => {
    const weights = information.map((own) => checked(own, name, data.length));
    const mixed = new Float32Array(data.length);
    for (let i = 0; i < mixed.length; i++) {
      let [sum, divisor, plain] = [0, 0, 0];
      adapters.forEach(({ tensors }, a) => {
        const weight = coefficients.values[a] * weights[a][i];
        sum += weight * tensors[name].data[i];
        divisor += weight;
        plain += coefficients.values[a] * tensors[name].data[i];
      });
      mixed[i] = divisor > 0 ? sum / divisor : plain / coefficients.divisor;
    }
    return [name, float32(shape.slice(), mixed)];
  });
  return mixtureOf(adapters, Object.fromEntries(tensors), keptSeed(adapters, coefficients), options.name);
}

function checked(information: NamedTensorData, name: string, size: number): ArrayLike<number> {
  const found = information[name]?.data;
  if (found?.length !== size || !found.every((value) => value >= 0)) {
    throw new Error(`The Fisher information of ${name} must be ${size} numbers of 0 or more.`);
  }
  return found;
}
