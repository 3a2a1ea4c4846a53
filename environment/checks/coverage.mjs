// Checks on simulated data with a planted effect that 95% intervals hold it 95 times in 100, that permutation tests
// refuse what is not there 5 times in 100, and what the margins of the decision rules can decide with 13 domains.
//   node environment/checks/coverage.mjs [simulations]      writes environment/checks/coverage.json (1,000 simulations)
import { readFileSync, writeFileSync } from "node:fs";
import { createRandom } from "../../dist/engine/random.js";
import { crossedCorrelation, crossedMean } from "../../dist/statistics/crossed-effects.js";
import { networkRegression } from "../../dist/statistics/network-regression.js";
import { permuteAssigned } from "../../dist/statistics/permutation.js";
import {
  orderedPairs,
  powerOfCorrelation,
  powerOfMean,
  simulateCorrelated,
  simulateMeans,
} from "../../dist/statistics/power.js";

const simulations = Number(process.argv[2] ?? 1000);
const domains = 13;
const pairs = orderedPairs(domains);
const round = (value, digits = 3) => Number(value.toFixed(digits));

/** Spearman's correlation that n draws of a normal pair of correlation ρ have on average. */
const spearman = (rho, n) => (6 / (Math.PI * (n + 1))) * (Math.asin(rho) + (n - 2) * Math.asin(rho / 2));

function coverage(name, truth, study) {
  let held = 0;
  let width = 0;
  for (let i = 0; i < simulations; i++) {
    const { low, high } = study(createRandom(`coverage/${name}`).fork(i));
    if (low <= truth && truth <= high) held++;
    width += (high - low) / simulations;
  }
  const row = { case: name, planted: round(truth), coverage: round(held / simulations), width: round(width) };
  console.error(JSON.stringify(row));
  return row;
}

const means = [
  { name: "mean, all three vary", variance: { target: 4, partner: 1, rest: 1 } },
  { name: "mean, targets vary", variance: { target: 4, partner: 0, rest: 4 } },
  { name: "mean, partners vary", variance: { target: 0, partner: 4, rest: 4 } },
  { name: "mean, pairs alone vary", variance: { target: 0, partner: 0, rest: 4 } },
].map(({ name, variance }) =>
  coverage(name, -3, (random) => crossedMean(simulateMeans(random, pairs, -3, variance), pairs)),
);

const targetsOnly = pairs.filter((_, i) => i % (domains - 1) === 0).map(({ target }) => ({ target, partners: [] }));
means.push(
  coverage("mean, one row a target", 1, (random) =>
    crossedMean(simulateMeans(random, targetsOnly, 1, { target: 0, partner: 0, rest: 4 }), targetsOnly),
  ),
);

const targets = pairs.map(({ target }) => target);
const correlations = [
  { rho: 0, byPartner: 0.5 },
  { rho: -0.3, byPartner: 0.5 },
  { rho: -0.6, byPartner: 0.5 },
  { rho: -0.85, byPartner: 0.2 },
].map(({ rho, byPartner }) =>
  coverage(`rank correlation, ρ ${rho}`, spearman(rho, domains - 1), (random) => {
    const { x, y } = simulateCorrelated(random, pairs, rho, byPartner);
    return crossedCorrelation(x, y, targets, pairs);
  }),
);

/** Share of simulated studies without an effect that a test calls one at 5%. */
function falseAlarms(name, runs, test) {
  let alarms = 0;
  for (let i = 0; i < runs; i++) if (test(createRandom(`alarm/${name}`).fork(i)) < 0.05) alarms++;
  const row = { case: name, simulations: runs, falseAlarms: round(alarms / runs) };
  console.error(JSON.stringify(row));
  return row;
}

const matrixOf = (value) =>
  Array.from({ length: domains }, (_, i) => Array.from({ length: domains }, (_, j) => (i === j ? 0 : value(i, j))));
const few = Math.min(200, simulations);
const alarms = [
  falseAlarms("MRQAP: a term given another that it goes with", few, (random) => {
    const [g, h] = [0, 1].map(() => Array.from({ length: domains }, () => random.normal()));
    const x = matrixOf((i, j) => g[i] + g[j] + 0.5 * random.normal());
    const z = matrixOf((i, j) => x[i][j] + random.normal());
    const y = matrixOf((i, j) => 2 * x[i][j] + h[i] + h[j] + random.normal());
    return networkRegression(y, { x, z }, { permutations: 199 }).terms[2].p;
  }),
  falseAlarms("permuted starts", few, (random) => {
    const start = pairs.map(() => random.integer(2));
    const effect = Array.from({ length: domains }, () => random.normal());
    const y = pairs.map(({ target, partners: [partner] }) => effect[target] + effect[partner] + random.normal());
    const difference = (assigned) => {
      const sums = [0, 0];
      const counts = [0, 0];
      assigned.forEach((s, i) => {
        sums[s] += y[i];
        counts[s]++;
      });
      return sums[1] / counts[1] - sums[0] / counts[0];
    };
    return permuteAssigned(start, targets, difference, { permutations: 199 }).p;
  }),
];

/** Spreads as the first trial on a published encoder suggests: targets and partners by about 4 points each, pairs by 3. */
const spread = { target: 16, partner: 16, rest: 9 };
const { rules } = JSON.parse(readFileSync(new URL("../../data/decision-rules.json", import.meta.url), "utf8"));
const rule = (id) => rules.find((each) => each.id === id);
const power = [
  ["F1", { mean: 11.91, variance: { target: 25, partner: 0, rest: 1 } }],
  ["F1", { mean: 3, variance: { target: 25, partner: 0, rest: 1 } }],
  ["F2t", { mean: 0, variance: { target: 4, partner: 0, rest: 1 } }],
  ["F4", { mean: 1, variance: spread }],
  ["F4", { mean: 8.6, variance: spread }],
  ["S1c", { mean: 2, variance: { target: 1, partner: 4, rest: 9 } }],
  ["S1c", { mean: 0.5, variance: { target: 1, partner: 4, rest: 9 } }],
  ["G1", { mean: 0.7, variance: { target: 0.25, partner: 0, rest: 1 } }],
  ["P1", { mean: -0.3, variance: { target: 1, partner: 0, rest: 1 } }],
  ["P2", { mean: 1.5, variance: { target: 4, partner: 0, rest: 1 } }],
].map(([id, truth]) => ({ id, truth, power: powerOfMean(rule(id), truth, { simulations: few }) }));
for (const [id, rho] of [
  ["S1", -0.85],
  ["S1", -0.5],
  ["S1", -0.2],
  ["S1s", -0.85],
  ["S3", 0],
]) {
  const truth = { rho, byPartner: 0.5 };
  power.push({ id, truth, power: powerOfCorrelation(rule(id), truth, { simulations: few }) });
}
for (const row of power) {
  for (const [verdict, share] of Object.entries(row.power)) row.power[verdict] = round(share);
  console.error(JSON.stringify(row));
}

const outside = [...means, ...correlations].filter(({ coverage: share }) => share < 0.92 || share > 0.98);
const result = {
  about:
    "Written by environment/checks/coverage.mjs. 13 domains, all 156 ordered pairs unless said otherwise; coverage of 95% intervals is to lie between 0.92 and 0.98, false alarms of tests at 5% near 0.05.",
  simulations,
  coverage: [...means, ...correlations],
  falseAlarms: alarms,
  power,
};
if (simulations >= 1000) {
  writeFileSync(new URL("coverage.json", import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
}
if (outside.length > 0) {
  console.error(`Outside 0.92 to 0.98: ${outside.map(({ case: name }) => name).join("; ")}.`);
  process.exitCode = 1;
}
