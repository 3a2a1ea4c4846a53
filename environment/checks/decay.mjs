// node environment/checks/decay.mjs: whether a checkpoint of one long run may stand for a run of its own. Trains at a constant
// rate after the warm-up, as a run with checkpoints must, beside a run that decays to 0, on the domains and with the options of
// a profile's rateTrial. Writes decay.md here.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Problem, runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const help = `node environment/checks/decay.mjs [options]

  --profile NAME    default compact
  --data FOLDER     folder of real texts
  --encoder FOLDER  folder of the encoder
  --out FOLDER      where the page is written (default beside this file)`;

const options = {
  profile: { type: "string", default: "compact" },
  data: { type: "string" },
  encoder: { type: "string" },
  out: { type: "string", default: here },
  help: { type: "boolean", short: "h", default: false },
};

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  await setUp();
  const sm = await import("../../dist/index.js");
  const { classifierTensors } = await import("../../dist/adapters/classify.js");
  const { float32 } = await import("../../dist/engine/tensor-data.js");
  const { under } = await import("../../dist/encoder/heads.js");
  const { writeFileAtomic } = await import("../../dist/files/atomic.js");
  const { adamwDefaults, biasCorrections } = await import("../../dist/training/adamw.js");
  const { labelsOf, tokenSource, trainingOrder } = await import("../../dist/training/batches.js");
  const { prefixed, trainingStep } = await import("../../dist/training/step.js");
  const { loadProfile } = await import("../../dist/study/profile.js");
  const { profile, data, encoder: folder } = values;
  const set = { devRows: loadProfile(profile).settings.rateTrial?.devRows };
  if (!set.devRows) throw new Problem(`The profile ${profile} has no rateTrial.`);
  const study = await sm.openStudy({ profile, data, encoder: folder, set, quiet: true });
  const { settings, encoder } = study;
  const { domains, steps } = settings.rateTrial;
  const { seeds, poolMethods, maxLength } = settings;

  /** Trains with a rate by step, and says how the dev examples fare. */
  function train(domain, rateOf) {
    const options = sm.train.trainOptions({ ...study, settings: { ...settings, start: "shared", steps } }, domain, {
      method: poolMethods[0],
      seed: seeds[0],
    });
    const { batchSize, config, learningRate, seed, method } = options;
    const start = {
      adapter: sm.createAdapter(encoder, { ...config, method, seed, name: domain.name }),
      head: sm.createHead(encoder, domain.labels, { seed, name: domain.name }),
    };
    const plan = { encoder, adapter: start.adapter.config, head: start.head.config };
    const step = trainingStep(plan, adamwDefaults);
    const { lengths, batch } = tokenSource(encoder, domain.train, maxLength);
    const next = trainingOrder(lengths, batchSize, sm.createRandom(seed).fork("order"));
    const parameters = classifierTensors(start.adapter, start.head);
    const zeros = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, float32(shape)]));
    let state = { ...prefixed("parameter", parameters), ...prefixed("first", zeros), ...prefixed("second", zeros) };
    for (let done = 1; done <= steps; done++) {
      const rows = next();
      const rates = { learningRate: learningRate * rateOf(done - 1), ...biasCorrections(adamwDefaults, done) };
      const scalars = Object.entries(rates).map(([name, x]) => [name, float32([], Float32Array.of(x))]);
      const inputs = { ...state, ...batch(rows), ...labelsOf(domain.train, rows), ...Object.fromEntries(scalars) };
      const { loss: _, ...after } = step.run(inputs);
      state = after;
    }
    step.forget();
    const trained = under(state, "parameter");
    const adapter = { ...start.adapter, tensors: under(trained, "adapter") };
    const head = { ...start.head, tensors: under(trained, "head") };
    const { accuracy, standardError } = sm.evaluate(encoder, { adapter, head }, domain.dev, { batchSize, maxLength });
    return { accuracy, standardError, moved: sm.distanceMoved(adapter) };
  }

  /** The stored row of the trial at the profile's rate: the same start and batches, with a rate that falls. */
  async function fallingRow(name) {
    const rateTrial = { ...settings.rateTrial, rates: [settings.learningRate], domains: [name] };
    const own = { ...study, lazy: true, settings: { ...settings, rateTrial } };
    const [{ dev, moved }] = await sm.train.measureRates(own);
    return { accuracy: dev, moved };
  }

  const warmup = Math.round(settings.warmupShare * steps);
  const rows = [];
  for (const name of domains) {
    console.error(`${name} …`);
    const domain = await study.domain(name);
    const decayed = await fallingRow(name);
    const constant = train(domain, (step) => Math.min(1, step / warmup));
    const percent = (share) => (100 * share).toFixed(1);
    rows.push(
      `| \`${name}\` | ${percent(decayed.accuracy)}% | ${percent(constant.accuracy)}% | ${percent(constant.standardError)} | ${decayed.moved.toFixed(1)} | ${constant.moved.toFixed(1)} |`,
    );
    writeFileAtomic(path.join(values.out, "decay.md"), pageOf(rows));
  }
  console.log(pageOf(rows));

  function pageOf(rows) {
    return `# A checkpoint of one run, or a run of its own?

One adapter of each domain, ${steps} steps at peak rate ${settings.learningRate}, by a rate that falls to 0 and by one that stays, from the same start on the
same batches (\`${encoder.name}\`, ${set.devRows} dev texts). A checkpoint of a longer run would be a row of the second kind.

| domain | dev accuracy, falling | constant | standard error | distance moved, falling | constant |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
  }
});
