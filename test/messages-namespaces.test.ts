import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import * as sm from "#src/face.js";
import type { Shape, Taken } from "#src/files/guard.js";
import { projectPath } from "#src/files/project.js";
import { wordPieceDefinition } from "#src/text/tokenizer-definition.js";
import { sentenceDomain, tinyEncoder } from "./attacks/tiny-victim.js";
import { accidentIn } from "./documents/accidents.js";
import { refusalOf, wrongValues } from "./wrong-values.js";

/*
 * Each function of each namespace with values of wrong types in each of its places: whatever is refused is refused in words of
 * our own. The declarations say what its other places take.
 */

const folder = mkdtempSync(path.join(tmpdir(), "signmix-messages-"));
const home = process.cwd();
process.chdir(folder);
process.env.HF_HUB_OFFLINE = "1"; // nothing is looked for on the hub
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const { flat, namespaces }: { flat: Record<string, Taken>; namespaces: Record<string, Record<string, Taken>> } =
  JSON.parse(readFileSync(projectPath("dist", "face-arguments.json"), "utf8"));
await sm.selectBackend("cpu", { quiet: true });
const encoder = tinyEncoder();
const domain = sentenceDomain();
const adapter = sm.createAdapter(encoder, { method: "houlsby", reductionFactor: 16, seed: 1 });
const head = sm.createHead(encoder, domain.labels, { seed: 1 });
const study = await sm.openStudy({ profile: "smoke", quiet: true, results: folder, cache: folder });
study.ask = () => {
  throw new Error("The study of this test computes nothing.");
};

const instances: Record<string, unknown> = {
  Study: study,
  Adapter: adapter,
  Encoder: encoder,
  Domain: domain,
  Head: head,
  Random: sm.createRandom(1),
  NamedTensorData: adapter.tensors,
  HeadConfig: head.config,
};

/** A value of the first form: lists are empty, and objects have what they must have. */
function soundOf(shapes: readonly Shape[] | undefined): unknown {
  const [shape] = shapes ?? [];
  switch (shape?.kind) {
    case "text":
      return shape.values?.[0] ?? "x";
    case "number":
      return 1;
    case "boolean":
      return true;
    case "list":
      return Array.from({ length: shape.least ?? 0 }, () => 1);
    case "array":
    case "indexed":
      return new Float32Array(2);
    case "function":
      return () => 1;
    case "Map":
      return new Map();
    case "Set":
      return new Set();
    case "object": {
      if (shape.name !== undefined && shape.name in instances) return instances[shape.name];
      const fields = Object.entries(shape.fields ?? {});
      return Object.fromEntries(fields.map(([name, kind]) => [name, soundOf([{ kind: kind ?? "number" }])]));
    }
    default:
      return undefined;
  }
}

/** Where the values above do not belong together, or would take long. */
const sound: Record<string, unknown[]> = {
  "adapters.modelCard": [{ adapter }, "peft", {}],
  "conflict.paperRegression": [sm.study.readPaper(), { permutations: 10 }],
  "statistics.powerOfCorrelation": [20, 0.5, { simulations: 20 }],
  "text.createTokenizer": [wordPieceDefinition(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]), {}, {}],
  "training.calibration": [{ predictions: [0], logits: { shape: [1, 2], dtype: "float32", data: [0, 1] } }, [0], {}],
};

/** Sentences of our own that name a type by JavaScript's word. */
const OWN = /is of type undefined, which JSON cannot hold\.$/;

const wrong = wrongValues(adapter, head);
const functions = Object.entries(namespaces).flatMap(([namespace, members]) =>
  Object.entries(members).map(([name, { takes }]) => ({ namespace, name, takes })),
);
const functionOf = (namespace: string, name: string) =>
  (sm as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>)[namespace][name];

test("every function of every namespace is known to the guard", () => {
  const exported = Object.entries(sm as Record<string, unknown>).flatMap(([namespace, members]) => {
    if (typeof members !== "object" || Array.isArray(members) || members === null) return [];
    const isFunction = (value: unknown) => typeof value === "function" && !/^class /.test(String(value));
    return Object.entries(members)
      .filter(([, value]) => isFunction(value))
      .map(([name]) => `${namespace}.${name}`);
  });
  assert.deepEqual(exported.sort(), functions.map(({ namespace, name }) => `${namespace}.${name}`).sort());
  assert.ok(exported.length > 400);
});

test("no function of a namespace answers a wrong argument in words of JavaScript or of a library", async () => {
  const found: string[] = [];
  let [tried, refused] = [0, 0];
  for (const { namespace, name, takes } of functions) {
    const whole = `${namespace}.${name}`;
    const args = sound[whole] ?? takes.map(({ is, optional }) => (optional ? undefined : soundOf(is)));
    for (const [place] of takes.entries()) {
      for (const [text, value] of wrong) {
        const given = args.map((arg, i) => (i === place ? value : arg));
        const message = await refusalOf(functionOf(namespace, name), given);
        tried++;
        if (message !== "") refused++;
        if (accidentIn(message) !== undefined && !OWN.test(message))
          found.push(`${whole}, ${takes[place].name}, ${text}: ${message.slice(0, 160)}`);
      }
    }
  }
  assert.deepEqual(found, []);
  assert.ok(tried > 10_000 && refused > 9_000, `${refused} of ${tried} were refused`);
});

test("options that a function of the face does not have are refused, with the nearest", async () => {
  const ignored: string[] = [];
  const withOptions = [
    ...functions.map((one) => ({ ...one, call: functionOf(one.namespace, one.name) })),
    ...Object.entries(flat).map(([name, { takes }]) => ({
      ...{ namespace: "", name, takes },
      call: (sm as unknown as Record<string, (...args: unknown[]) => unknown>)[name],
    })),
  ];
  let tried = 0;
  for (const { namespace, name, takes, call } of withOptions) {
    for (const [place, { is }] of takes.entries()) {
      const forms = (is ?? []).filter(({ known }) => known);
      if (forms.length === 0) continue;
      const args = takes.map((one) => soundOf(one.is));
      const own = soundOf(forms) as object;
      args[place] = { ...own, zeroz: 1 };
      const message = await refusalOf(call, args);
      tried++;
      if (!/"zeroz" is no (option|field)/.test(message)) ignored.push(`${namespace}.${name}: ${message.slice(0, 200)}`);
    }
  }
  assert.deepEqual(ignored, []);
  assert.ok(tried > 120, `${tried}`);
});

test("what the guard says names the function, the argument, what it takes, and what was given", async () => {
  const said = (call: () => unknown) => refusalOf(call, []);
  const given = (value: unknown) => value as never;
  assert.equal(
    await said(() => sm.mix.setsWith(given("x"), 1, 1)),
    'Error: mix.setsWith takes a number as "n"; "x" was given.',
  );
  assert.match(
    await said(() => sm.train.gainTable(given([7]))),
    /^Error: train\.gainTable takes a list \(each Gain, an object of domain, .*\) as "gains"; 7 was given as number 1 of 1\.$/,
  );
  assert.match(
    await said(() => sm.signDifferenceMatrix([adapter, adapter], given({ zero: "never" }))),
    /^Error: "zero" is no option of signDifferenceMatrix; the nearest is "zeros"/,
  );
  assert.match(
    await said(() => sm.statistics.seededError([])),
    /statistics\.seededError has nothing to work on: "bySeed" is empty\./,
  );
  // a promise is refused as one, where the function answers with one too
  await assert.rejects(
    async () => sm.mix.sweep(given(Promise.resolve(study)), [], []),
    /a promise \(await it\) was given/,
  );
});
