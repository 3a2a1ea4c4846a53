import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { createAdapter } from "#src/adapters/create.js";
import { importAdapter } from "#src/adapters/folder.js";
import { createHead } from "#src/adapters/head.js";
import { readLossLines, weightMeasures } from "#src/chapters/conflict/foretold-loss.js";
import { advise, secondsPerText, textsOfAllPairs } from "#src/chapters/own/advise.js";
import { adviceFigure } from "#src/chapters/own/figures.js";
import { foretellLoss } from "#src/chapters/own/foretell-loss.js";
import { type Member, memberOf } from "#src/chapters/own/member.js";
import { pairSigns } from "#src/chapters/own/pair-signs.js";
import { saveProposal } from "#src/chapters/own/save-proposal.js";
import { describeAdvice } from "#src/chapters/own/sentences.js";
import { lossTable, signTable, weighingTable } from "#src/chapters/own/tables.js";
import { ownSettings, trainOwn } from "#src/chapters/own/train-own.js";
import { weighedMixture } from "#src/chapters/own/weighed-mixture.js";
import { createDomain, type Domain } from "#src/domains/domain.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { selectBackend } from "#src/engine/backend.js";
import { createRandom } from "#src/engine/random.js";
import { projectPath } from "#src/files/project.js";
import { scaleChange } from "#src/mixing/dilute.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { evaluate } from "#src/training/evaluate.js";

const scratch = mkdtempSync(join(tmpdir(), "signmix-advise-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const maxLength = 16;

/** Short texts whose label one word tells, so that a few steps learn it. */
function wordDomain(name: string, yes: string, no: string): Domain {
  const random = createRandom(`words/${name}`);
  const others = ["the", "film", "was", "and", "so", "it", "day"];
  const part = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      const words = Array.from({ length: 4 }, () => others[random.integer(others.length)]);
      words[random.integer(4)] = i % 2 === 0 ? yes : no;
      return { text: `${words.join(" ")} ${i}`, label: i % 2 };
    });
  return createDomain({ name, labels: ["yes", "no"], train: part(96), dev: part(100), test: part(8), source: "test" });
}

describe("advice on adapters that were trained on rows", () => {
  let encoder: Encoder;
  let members: Member[];
  before(async () => {
    await selectBackend(undefined, { quiet: true });
    encoder = await loadEncoder(projectPath("data", "signmix-mini"));
    const domains = [wordDomain("weather", "sun", "rain"), wordDomain("colours", "green", "red")];
    const trained = [];
    for (const domain of domains) {
      const settings = ownSettings(encoder, domain, { steps: 24, maxLength, seed: 1 });
      trained.push(await trainOwn(encoder, domain, settings));
    }
    members = trained.map((one, i) => memberOf(one, domains[i]));
  });
  after(() => encoder.dispose());

  const lossesOf = (a: Member, mixture: Parameters<typeof evaluate>[1]["adapter"], rows = a.rows ?? []) => {
    const right = (adapter: typeof mixture) =>
      evaluate(encoder, { adapter, head: a.head as NonNullable<Member["head"]> }, rows, { maxLength }).accuracy;
    return 100 * (right(a.adapter) - right(mixture));
  };

  test("a pair that is tested to the end loses what evaluating both says, split into dilution and interference", async () => {
    const { pairs, members: facts } = await advise(encoder, members, { maxLength, margin: 0.01 });
    assert.equal(facts.length, 2);
    const [{ targets, signs }] = pairs;
    const mixture = mixAdapters(members.map(({ adapter }) => adapter));
    for (const [i, loss] of targets.entries()) {
      assert.equal(loss.of, 100);
      if (loss.rows < loss.of) continue;
      assert.ok(Math.abs(loss.lost.effect - lossesOf(members[i], mixture)) < 1e-9);
      const diluted = lossesOf(members[i], scaleChange(members[i].adapter, 0.5));
      assert.ok(Math.abs((loss.dilution ?? Number.NaN) - diluted) < 1e-9);
      assert.ok(Math.abs((loss.dilution ?? 0) + (loss.interference ?? 0) - loss.lost.effect) < 1e-9);
    }
    assert.equal(signs?.sameStart, true);
    assert.ok((signs?.fsd ?? 1) < 0.5);
  });

  test("a wide margin is met at the first look, and the set is proposed, drawn and saved", async () => {
    const advice = await advise(encoder, members, { maxLength, margin: 90 });
    assert.equal(advice.pairs[0].verdict, "mix");
    assert.deepEqual(
      advice.pairs[0].targets.map(({ rows }) => rows),
      [64, 64],
    );
    assert.ok(advice.texts.pairs < textsOfAllPairs(members));
    const { proposal } = advice;
    assert.equal(proposal?.verdict, "mix");
    assert.deepEqual(proposal?.members, ["weather", "colours"]);
    assert.equal(weighingTable(advice).length, 5);
    assert.equal(lossTable(advice).length, 2);
    assert.match(describeAdvice(advice).join(" "), /Mix weather \+ colours by/);
    assert.ok(adviceFigure(advice).data.length >= 2);
    const place = join(scratch, "mixture");
    assert.ok(saveProposal(advice, members, place));
    const wanted = weighedMixture(
      members.map(({ adapter }) => adapter),
      proposal as NonNullable<typeof proposal>,
    );
    const { adapter } = importAdapter(place, { encoder });
    assert.deepEqual(adapter.tensors, wanted.tensors);
  });

  test("λ = 1/k is the plain average, and λ = 1 adds the changes whole", async () => {
    const adapters = members.map(({ adapter }) => adapter);
    const half = { coefficients: [0.5, 0.5] };
    assert.deepEqual(weighedMixture(adapters, { ...half, lambda: 0.5 }).tensors, mixAdapters(adapters).tensors);
    const whole = weighedMixture(adapters, { ...half, lambda: 1 });
    const start = scaleChange(adapters[0], 0).tensors;
    for (const [name, { data }] of Object.entries(whole.tensors)) {
      for (let i = 0; i < data.length; i += 97) {
        const [a, b, zero] = [
          adapters[0].tensors[name].data[i],
          adapters[1].tensors[name].data[i],
          start[name].data[i],
        ];
        assert.ok(Math.abs(data[i] - (a + b - zero)) < 1e-6);
      }
    }
    const advice = await advise(encoder, members, { maxLength, margin: 90, lambda: 1 });
    assert.equal(advice.pairs[0].targets[0].dilution, undefined);
    assert.equal(advice.proposal?.tried[0].lambda, 1);
  });

  test("answers that are kept are read by the next run, and a stopped one goes on", async () => {
    const keptIn = join(scratch, "answers.jsonl");
    const stop = new AbortController();
    let steps = 0;
    const first = advise(encoder, members, {
      ...{ maxLength, margin: 0.01, keptIn, signal: stop.signal },
      onProgress: () => {
        if (++steps === 4) stop.abort(new Error("stopped"));
      },
    });
    await assert.rejects(first, /stopped/);
    const second = await advise(encoder, members, { maxLength, margin: 0.01, keptIn });
    assert.ok(second.texts.kept > 0 && second.texts.computed > 0);
    const third = await advise(encoder, members, { maxLength, margin: 0.01, keptIn });
    assert.equal(third.texts.computed, 0);
    assert.deepEqual(third.pairs, second.pairs);
  });

  test("a member of another kind cannot be mixed, and one without rows is not tested on", async () => {
    const lora = createAdapter(encoder, { method: "lora", seed: 1, name: "other kind" });
    const bare = createAdapter(encoder, { method: "pfeiffer", seed: 2, name: "bare" });
    const advice = await advise(encoder, [...members, { adapter: lora }, { adapter: bare }], { maxLength, margin: 90 });
    const of = (...names: string[]) => advice.pairs.find((pair) => pair.members.join() === names.join());
    assert.equal(of("weather", "other kind")?.verdict, "cannot be mixed");
    assert.match(of("weather", "other kind")?.why ?? "", /differ in method/);
    assert.deepEqual(
      of("weather", "bare")?.targets.map(({ name }) => name),
      ["weather"],
    );
    assert.equal(of("weather", "bare")?.signs?.sameStart, false);
    assert.equal(of("weather", "bare")?.targets[0].dilution, undefined);
    assert.equal(of("other kind", "bare")?.verdict, "cannot be mixed");
    for (const set of advice.grown) assert.ok(!set.members.includes("other kind"));
  });

  test("without rows there is no verdict, and it says what would settle it", async () => {
    const advice = await advise(
      undefined,
      members.map(({ adapter }) => ({ adapter })),
    );
    assert.equal(advice.pairs[0].verdict, "not tested");
    assert.equal(signTable(advice)[0]["same start"], "yes");
    const said = describeAdvice(advice).join(" ");
    assert.match(said, /No verdict.*Foretold by .*errs by .*rank correlation.*labelled texts/s);
    assert.match(said, /pairs of \d+ generated domains, with Pfeiffer adapters of signmix-mini/);
    assert.throws(() => adviceFigure(advice), /nothing to draw/);
    assert.equal(saveProposal(advice, members, join(scratch, "none")), false);
  });

  test("what is foretold follows from the shipped line, and what it was not fitted on is named", () => {
    const [a, b] = members.map(({ adapter }) => adapter);
    const { lines, fittedOn } = readLossLines();
    const told = foretellLoss(a, b);
    const value = weightMeasures[lines[0].measure].of(a, b);
    assert.equal(told.by, lines[0].label);
    assert.equal(told.points[0], lines[0].intercept + lines[0].slope * value);
    assert.deepEqual([told.error, told.mean], [lines[0].error, fittedOn.mean]);
    const seen = { ...lines[0], from: 0, to: 1 };
    assert.deepEqual(foretellLoss(a, b, { lines: { fittedOn, about: "", lines: [seen] } }).outside, []);
    const narrow = { ...lines[0], from: 2, to: 3 };
    const [beyond] = foretellLoss(a, b, { lines: { fittedOn, about: "", lines: [narrow] } }).outside;
    assert.match(beyond, /where 2\.000 to 3\.000 was seen/);

    const elsewhere = (one: Adapter): Adapter => ({ ...one, base: { ...one.base, encoder: "hub/other" } });
    assert.ok(foretellLoss(elsewhere(a), elsewhere(b)).outside.includes("the encoder hub/other"));
    const unknown = ({ seed: _, ...one }: Adapter): Adapter => one;
    const raw = foretellLoss(unknown(a), b);
    assert.equal(raw.by, lines[1].label, "without a start raw weights are measured");
    assert.ok(!weightMeasures[lines[1].measure].needsStart);
    const [one, other] = ["x", "y"].map((name) => createAdapter(encoder, { method: "lora", seed: 1, name }));
    assert.ok(foretellLoss(one, other).outside.includes("the method lora"));
    const renamed = pairSigns(a, elsewhere(b), { anyEncoder: true });
    assert.ok(renamed.foretold.outside.includes("the encoder hub/other"));
    assert.equal(renamed.cosine, pairSigns(a, b).cosine);
  });

  test("what cannot be advised on is refused with the name", async () => {
    const [a, b] = members;
    await assert.rejects(advise(encoder, [a, a]), /Two adapters are called "weather"/);
    await assert.rejects(advise(encoder, [a]), /two adapters or more/);
    await assert.rejects(advise(undefined, members), /needs the encoder/);
    await assert.rejects(
      advise(encoder, [a, { adapter: b.adapter, rows: b.rows }]),
      /"colours" has no classification head/,
    );
    await assert.rejects(advise(encoder, members, { margin: 0 }), /margin is a number of points/);
    const head = createHead(encoder, ["x", "y"], { seed: 1 });
    const rows = [{ text: "a", label: 2 }];
    await assert.rejects(
      advise(encoder, [a, { adapter: b.adapter, head, rows }]),
      /have a label 2, and its head knows 2/,
    );
    const strange = { ...b.adapter, seed: 9 };
    await assert.rejects(advise(encoder, [a, { ...b, adapter: strange }], { lambda: 1 }), /not known to share one/);
    await assert.rejects(advise(encoder, members, { margn: 3 } as object), /the nearest is "margin"/);
  });

  test("a text has a price", () => {
    assert.ok(secondsPerText(encoder, members[0], { maxLength }) > 0);
  });
});
