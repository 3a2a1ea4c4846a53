import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { ranksWithin } from "./correlation.js";
import { type Estimate, estimateOf } from "./verdict.js";

/** Whose effects a row has: those of its target, and the mean of those of its partners. Domains by any key. */
export interface Crossing {
  target: string | number;
  /** The other members of the mixture; empty where a row is of a target alone. */
  partners: readonly (string | number)[];
}

/** How much of the variance is due to what. */
export interface VarianceParts {
  target: number;
  partner: number;
  /** Of one row, given its target and partners. */
  rest: number;
}

/** An estimate from crossed effects, with its interval. */
export interface CrossedEstimate extends Estimate {
  variance: VarianceParts;
}

/**
 * Mean of rows with a 95% interval under crossed effects of target and partner,
 *   y = μ + a_target + mean of b_partner + e,
 * all three normal: domains are what would be drawn anew, and rows that share one are not independent. Variances by
 * restricted maximum likelihood, degrees of freedom of Student's t by Satterthwaite from those of the three.
 *
 * @throws if there are fewer than three targets
 */
export function crossedMean(values: readonly number[], crossing: readonly Crossing[]): CrossedEstimate {
  if (values.length !== crossing.length) {
    throw new Error(`${values.length} values, but ${crossing.length} crossings; give one to each row.`);
  }
  const targets = indexOf(crossing.map(({ target }) => target));
  const partners = indexOf(crossing.flatMap(({ partners }) => partners));
  if (targets.size < 3) throw new Error(`An interval over domains needs three targets or more, not ${targets.size}.`);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const model = crossedModel(values, crossing, targets, partners);
  const variance = model.fit();
  const parts = model.varianceOfMean(variance);
  const sum = parts.target + parts.partner + parts.rest;
  const degrees = {
    target: targets.size - 1,
    partner: Math.max(1, partners.size - 1),
    rest: Math.max(targets.size - 1, values.length - targets.size - partners.size),
  };
  const squares = (["target", "partner", "rest"] as const).reduce((s, key) => s + parts[key] ** 2 / degrees[key], 0);
  const df = sum === 0 ? degrees.target : sum ** 2 / squares;
  return { ...estimateOf(mean, Math.sqrt(sum), df), variance };
}

/**
 * Rank correlation of x and y within strata (target and size), all strata at once, with a 95% interval under crossed
 * effects of target and partner on each row's part in it. The interval is made on Fisher's scale, so it ends within ±1,
 * with Student's t of one less than the n domains on the scarcer side, and wider by n/(n − 1), as in the jackknife, because
 * each domain pulls r towards itself.
 *
 * With u, v the ranks of a stratum about their mean, r = Σuv/√(Σu² Σv²), and a row's part is uv − r(u² + v²)/2, each
 * scaled to a mean square of 1.
 *
 * @param strata one for each row; a stratum of one row says nothing
 * @throws if x or y does not vary within any stratum
 */
export function crossedCorrelation(
  x: readonly number[],
  y: readonly number[],
  strata: readonly (string | number)[],
  crossing: readonly Crossing[],
): CrossedEstimate {
  const counts = new Map<string | number, number>();
  for (const stratum of strata) counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
  const kept = strata.flatMap((stratum, i) => ((counts.get(stratum) as number) > 1 ? [i] : []));
  const [u, v] = [x, y].map((values) => {
    const ranks = ranksWithin(values, strata);
    return standard(kept.map((i) => ranks[i]));
  });
  const r = u.reduce((sum, value, i) => sum + value * v[i], 0) / u.length;
  const parts = u.map((value, i) => value * v[i] - (r * (value * value + v[i] * v[i])) / 2);
  const own = kept.map((i) => crossing[i]);
  const found = crossedMean(parts, own);
  const partners = indexOf(own.flatMap(({ partners }) => partners)).size;
  const targets = indexOf(own.map(({ target }) => target)).size;
  const n = partners > 0 ? Math.min(targets, partners) : targets;
  const { variance } = found;
  const degreesOfFreedom = n - 1;
  const standardError = (found.standardError * n) / (n - 1);
  const scale = 1 - r * r;
  if (scale < 1e-12) return { ...estimateOf(r, 0, degreesOfFreedom), variance };
  const z = estimateOf(Math.atanh(r), standardError / scale, degreesOfFreedom);
  const [low, high] = [Math.tanh(z.low), Math.tanh(z.high)];
  return { effect: r, low, high, standardError, degreesOfFreedom, variance };
}

function standard(values: readonly number[]): number[] {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  if (squares === 0) throw new Error("A correlation needs values that differ within at least one stratum.");
  const scale = Math.sqrt(squares / values.length);
  return values.map((value) => value / scale);
}

function indexOf(keys: readonly (string | number)[]): Map<string | number, number> {
  const index = new Map<string | number, number>();
  for (const key of keys) if (!index.has(key)) index.set(key, index.size);
  return index;
}

/** Ratios of an effect's variance to the rest's that are looked at first; later ones lie between their neighbours. */
const RATIOS = [0, 1 / 64, 1 / 8, 1, 8];

/**
 * The crossed model of centred values. With Z the rows' shares in each effect [rows, effects] and D the effects' variances
 * over the rest's, V = I + Z D Z', so that all that is needed of the rows is Z'Z, Z'1 and Z'y.
 */
function crossedModel(
  values: readonly number[],
  crossing: readonly Crossing[],
  targets: ReadonlyMap<string | number, number>,
  partners: ReadonlyMap<string | number, number>,
) {
  const rows = values.length;
  const effects = targets.size + partners.size;
  const mean = values.reduce((sum, value) => sum + value, 0) / rows;
  const gram = Matrix.zeros(effects, effects); // Z'Z
  const ofOne = new Array<number>(effects).fill(0); // Z'1
  const ofY = new Array<number>(effects).fill(0); // Z'y
  let squares = 0;
  crossing.forEach((row, i) => {
    const shares: [number, number][] = [[targets.get(row.target) as number, 1]];
    for (const partner of row.partners) {
      shares.push([targets.size + (partners.get(partner) as number), 1 / row.partners.length]);
    }
    const y = values[i] - mean;
    squares += y * y;
    for (const [a, share] of shares) {
      ofOne[a] += share;
      ofY[a] += share * y;
      for (const [b, other] of shares) gram.set(a, b, gram.get(a, b) + share * other);
    }
  });

  /** −2 log of the restricted likelihood at given ratios, up to a constant, and the rest's variance there. */
  const at = (target: number, partner: number) => {
    const root = Array.from({ length: effects }, (_, a) => Math.sqrt(a < targets.size ? target : partner));
    const inner = Matrix.eye(effects); // M = I + D½ Z'Z D½
    for (let a = 0; a < effects; a++) {
      for (let b = 0; b < effects; b++) inner.set(a, b, inner.get(a, b) + gram.get(a, b) * (root[a] * root[b]));
    }
    const cholesky = new CholeskyDecomposition(inner);
    const scaled = Matrix.columnVector(ofOne.map((value, a) => root[a] * value));
    const scaledY = Matrix.columnVector(ofY.map((value, a) => root[a] * value));
    const [solved, solvedY] = [cholesky.solve(scaled), cholesky.solve(scaledY)];
    const dot = (a: Matrix, b: Matrix) => a.transpose().mmul(b).get(0, 0);
    const oneOne = rows - dot(scaled, solved); // 1'V⁻¹1
    const oneY = -dot(scaled, solvedY); // 1'V⁻¹y, as Σy = 0
    const yY = squares - dot(scaledY, solvedY);
    const rest = Math.max(0, yY - oneY ** 2 / oneOne) / (rows - 1);
    const logDeterminant = cholesky.lowerTriangularMatrix.diagonal().reduce((sum, d) => sum + 2 * Math.log(d), 0);
    return { rest, likelihood: (rows - 1) * Math.log(rest) + logDeterminant + Math.log(oneOne) };
  };

  return {
    fit(): VarianceParts {
      if (squares === 0) return { target: 0, partner: 0, rest: 0 };
      let best = { target: 0, partner: 0, ...at(0, 0) };
      const consider = (target: number, partner: number) => {
        const found = at(target, partner);
        const better = found.likelihood < best.likelihood - 1e-10;
        if (better) best = { target, partner, ...found };
        return better;
      };
      const ofPartner = partners.size > 0 ? RATIOS : [0];
      for (const target of RATIOS) for (const partner of ofPartner) consider(target, partner);
      for (let factor = 3; factor > 1.01; ) {
        const { target, partner } = best;
        const moved = [factor, 1 / factor].map((by) => [
          consider(target * by, partner),
          consider(target, partner * by),
        ]);
        if (!moved.flat().includes(true)) factor = Math.sqrt(factor);
      }
      return { target: best.target * best.rest, partner: best.partner * best.rest, rest: best.rest };
    },
    /** Variance of the plain mean, 1'V1/N², by what it is due to. */
    varianceOfMean({ target, partner, rest }: VarianceParts): VarianceParts {
      const squares = (own: number[]) => own.reduce((sum, share) => sum + share * share, 0) / rows ** 2;
      return {
        target: target * squares(ofOne.slice(0, targets.size)),
        partner: partner * squares(ofOne.slice(targets.size)),
        rest: rest / rows,
      };
    },
  };
}
