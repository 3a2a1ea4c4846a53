import type { AdapterMethod } from "../adapters/methods.js";
import type { SparseMixture } from "../mixing/prune-then-mix.js";
import { enumerateMixtures } from "../mixing/subsets.js";
import { ofSeeds } from "../study/design-seeds.js";
import { regimes } from "../study/in-regime.js";
import type { Rates, RateTrial, Settings } from "../study/profile.js";
import { type Regime, type Start, schedules, startSeed, starts } from "../study/regime.js";
import type { Study } from "../study/study.js";
import { comparedCriteria } from "./beyond/criterion-unit.js";
import { dosesOf, waySets, waysOf } from "./beyond/measure.js";
import { taskNames } from "./beyond/task-domains.js";
import { type Way, type WayName, ways } from "./beyond/ways.js";
import { allPairs } from "./conflict/pairs.js";
import { sampleMixtures, subsetOf } from "./mix/mixtures.js";
import { poolDomains } from "./mix/pool.js";
import { ownScope } from "./prune/pruning-curves.js";
import { sparseKinds, sparseSets } from "./sparse/sparse-mixtures.js";
import { seedsOfStage, stages } from "./stages.js";
import { gridCells } from "./train/grid.js";

/** What a stage computes that no stage before it has. */
export interface StageWork {
  stage: string;
  about: string;
  /** Adapters trained, and the steps of all of them. */
  trainings: number;
  steps: number;
  /** Other units, nearly all of them adapters or mixtures that are tested. */
  tests: number;
  /** Texts that the encoder reads in all units beside training steps. */
  texts: number;
}

/** A study as it is counted: nothing is opened, read or computed. */
export interface CountedStudy {
  settings: Settings;
  /** Number of labels of a domain. */
  classesOf(domain: string): number;
  /** Layers of the encoder. */
  layers: number;
}

/** One adapter by all that tells it from others; every cell is trained once however many stages need it. */
interface Cell {
  method: AdapterMethod;
  seed: number;
  start: string;
  domain: string;
  steps: number;
}

/** The work of every stage of a study for some of its seeds, computed from nothing: by counting, to the unit. */
export function stageWork(study: CountedStudy, seeds: readonly number[] = study.settings.seeds): StageWork[] {
  const whole = new Ledger(study);
  return stages.map((stage) => {
    whole.begin();
    const own = seedsOfStage(stage, study.settings).filter((seed) => seeds.includes(seed));
    if (own.length > 0) counts[stage.name](whole.with(ofSeeds(study.settings, own)));
    return { stage: stage.name, about: stage.about, ...whole.sums };
  });
}

/** Core hours of some work at measured rates. */
export function coreHours({ steps, texts }: Pick<StageWork, "steps" | "texts">, rates: Rates): number {
  return (steps * rates.secondsPerStep + texts * rates.secondsPerText) / 3600;
}

/** What each stage computes, as its `run` in `stages.ts` does. */
const counts: Record<string, (ledger: Ledger) => void> = {
  rate(ledger) {
    const { rateTrial, testRows } = ledger.settings;
    for (const rate of rateTrial?.rates ?? []) {
      for (const domain of rateTrial?.domains ?? []) {
        const { steps, devRows } = rateTrial as RateTrial;
        ledger.add(`rate/${rate}/${domain}`, { trainings: 1, steps, texts: devRows + testRows });
      }
    }
  },
  grid(ledger) {
    ledger.eachAdapter((method, seed, name) => {
      for (const { start, steps } of gridCells(ledger.settings, { name, classes: ledger.study.classesOf(name) }))
        ledger.train({ method, seed, domain: name, steps, start: ledger.startOf(start, name, seed) });
    });
  },
  floors(ledger) {
    const { trainRows, testRows, seeds, domains } = ledger.settings;
    ledger.inBoth((regime) => {
      for (const seed of seeds) {
        for (const domain of domains)
          ledger.add(`baseline/${seed}/${domain}/${ledger.stepsOf(regime, domain)}`, { texts: trainRows + testRows });
      }
      for (const cell of ledger.trainAll(regime)) for (const recipe of ["none", "start"]) ledger.test(cell, recipe);
    });
  },
  randomised(ledger) {
    const { partnerSteps, steps } = ledger.settings;
    const targets = ledger.trainAll({ start: "shared", schedule: "equal" });
    for (const start of ["shared", "separate"] as const) {
      for (const length of partnerSteps) {
        const partners = targets.map((cell) => ({
          ...cell,
          steps: length,
          start: ledger.startOf(start, cell.domain, cell.seed),
        }));
        for (const partner of partners) ledger.train(partner);
        for (const own of targets.map((cell) => ({ ...cell, steps }))) {
          for (const partner of partners) {
            if (partner.method !== own.method || partner.seed !== own.seed || partner.domain === own.domain) continue;
            ledger.test(own, mixtureName([own, partner]));
          }
        }
      }
    }
  },
  pairs: (ledger) => ledger.inBoth((regime) => ledger.sweep(regime, allPairs(ledger.asStudy))),
  signs(ledger) {
    const { domains, similarityTexts } = ledger.settings;
    for (const domain of domains) ledger.add(`text/${domain}`, { texts: similarityTexts });
  },
  sizes: (ledger) => ledger.inBoth((regime) => ledger.sweep(regime, sampleMixtures(ledger.asStudy))),
  pruning(ledger) {
    const { pruneSparsities, testRows } = ledger.settings;
    ledger.inBoth((regime) => {
      for (const cell of ledger.trainAll(regime)) {
        for (const weights of ["raw", "change"]) {
          for (const sparsity of pruneSparsities)
            ledger.add(`prune/${nameOf(cell)}/${weights}/${sparsity}`, { texts: testRows });
        }
      }
    });
  },
  pools: (ledger) => ledger.inBoth((regime) => ledger.pool(regime)),
  sparse(ledger) {
    const { mixSparsities, testRows } = ledger.settings;
    ledger.inBoth((regime) => {
      for (const rows of ledger.pool(regime)) {
        for (const own of rows) {
          for (let size = 1; size <= rows.length; size++) {
            for (let layers = 1; layers <= ledger.study.layers; layers++) {
              for (const sparsity of mixSparsities)
                ledger.add(`sparse/${mixtureName(rows)}/${nameOf(own)}/${size}/${layers}/${sparsity}`, {
                  texts: testRows,
                });
            }
          }
        }
      }
    });
  },
  beside(ledger) {
    const { unions, tourDomains, pruneSparsities, mixSparsities, controlsPerSize } = ledger.settings;
    const { poolMethods, seeds, devRows, testRows } = ledger.settings;
    const { paper } = regimes;
    const cells = ledger.trainAll(paper);
    for (const names of unions) {
      const steps = names.reduce((sum, name) => sum + ledger.stepsOf(paper, name), 0);
      for (const method of poolMethods)
        ledger.add(`union/${method}/${seeds[0]}/${names}`, { steps, texts: names.length * testRows });
    }
    ledger.sweep(
      paper,
      unions.map((names) => subsetOf(ledger.asStudy, names)),
    );
    for (const cell of cells.filter(({ domain }) => tourDomains.includes(domain))) {
      for (const scope of ["global", "layer", "tensor"].filter((one) => one !== ownScope(cell.method))) {
        for (const sparsity of pruneSparsities)
          ledger.add(`prune/${nameOf(cell)}/${scope}/${sparsity}`, { texts: testRows });
      }
    }
    for (const rows of ledger.pool(paper)) {
      const mix = (kinds: readonly SparseMixture[], sets: readonly (readonly number[])[]) => {
        for (const members of sets.map((set) => set.map((i) => rows[i]))) {
          for (const own of members) {
            for (const sparsity of mixSparsities) {
              for (const kind of kinds)
                ledger.add(`mix/${mixtureName(members)}/${nameOf(own)}/${kind}/${sparsity}`, {
                  texts: kind === "sparse" ? devRows + testRows : testRows,
                });
            }
          }
        }
      };
      mix(["sparse"], sparseSets(ledger.asStudy, rows.length));
      mix(sparseKinds, sparseSets(ledger.asStudy, rows.length, controlsPerSize));
    }
  },
  curve(ledger) {
    for (const start of starts) {
      for (const schedule of schedules) ledger.sweep({ start, schedule }, allPairs(ledger.asStudy));
    }
  },
  methods(ledger) {
    const others = ledger.with({ poolMethods: ["houlsby", "lora"] });
    others.sweep({ start: "shared", schedule: "equal" }, allPairs(ledger.asStudy));
  },
  beyond(ledger) {
    const { settings } = ledger;
    const { wayMethods, poolMethods, strengths, devRows, testRows, fewTexts, criterionSparsities } = settings;
    const of = (methods: Settings["poolMethods"]) => ledger.with({ poolMethods: methods });
    const ofFirst = of(poolMethods.slice(0, 1));
    const controlled: Regime = { start: "shared", schedule: "equal" };
    const singles = ofFirst.trainAll(controlled);
    of(wayMethods).trainAll(controlled);
    const n = settings.domains.length;
    const eachPair = (count: number, name: (i: number) => string, texts: number) => {
      for (let i = 0; i < count; i++) ledger.add(`beyond/${name(i)}`, { texts });
    };
    eachPair(n * settings.dosePartners * dosesOf(ledger.asStudy).length, (i) => `dose/${i}`, testRows);
    const sets = waySets(ledger.asStudy);
    const mix = (method: string, way: WayName, own: readonly (readonly number[])[]) => {
      for (const strength of (ways[way] as Way).tuned ? strengths : [1]) {
        for (const set of own) {
          const passes = (ways[way] as Way).make ? 1 : set.length;
          for (const target of set) {
            const name = `beyond/way/${method}/${way}/${strength}/${set.join("+")}/${target}`;
            ledger.add(name, { texts: passes * (devRows + testRows) });
          }
        }
      }
    };
    mix(poolMethods[0], "arithmetic", sets.strengths);
    wayMethods.forEach((method, i) => {
      for (const way of waysOf(method, i === 0)) mix(method, way, sets.ways);
    });
    const criteria = Object.keys(comparedCriteria).length * criterionSparsities.length;
    eachPair(2 * n * criteria, (i) => `criterion/${i}`, testRows);
    const tasks = taskNames.map((name) => `task/${name}`);
    for (const task of tasks) ledger.add(task, { steps: settings.steps, texts: testRows });
    const tour = singles.filter(({ domain }) => settings.tourDomains.includes(domain));
    const members = [...tour.map(nameOf), ...tasks];
    const test = (i: number, recipe: string) =>
      i < tour.length ? ledger.test(tour[i], recipe) : ledger.add(`${members[i]}/${recipe}`, { texts: testRows });
    for (const set of enumerateMixtures(members.length, { sizes: [2, members.length] })) {
      const name = set.map((i) => members[i]).sort();
      for (const i of set) test(i, name.join(" + "));
    }
    for (const i of members.keys()) test(i, "start");
    for (const regime of Object.values(regimes)) {
      ofFirst.trainAll(regime);
      // two gradients, of three passes each, and four passes more
      eachPair(n * (n - 1), (i) => `predictor/${JSON.stringify(regime)}/${i}`, 10 * fewTexts);
    }
    const short = Math.min(...settings.partnerSteps);
    ofFirst.with({ steps: short }).trainAll(controlled);
  },
};

const nameOf = ({ method, seed, start, domain, steps }: Cell) => [method, seed, start, domain, steps].join("/");

const mixtureName = (cells: readonly Cell[]) => cells.map(nameOf).sort().join(" + ");

/** Units by name, each counted where it is first needed. */
class Ledger {
  sums = { trainings: 0, steps: 0, tests: 0, texts: 0 };
  private known = new Set<string>();

  constructor(readonly study: CountedStudy) {}

  get settings(): Settings {
    return this.study.settings;
  }

  /** Counts with other settings into the same sums, what was counted but once. */
  with(changes: Partial<Settings>): Ledger {
    const other = new Ledger({ ...this.study, settings: { ...this.settings, ...changes } });
    other.sums = this.sums;
    other.known = this.known;
    return other;
  }

  /** What functions of a study take that look at its settings alone. */
  get asStudy(): Study {
    return { settings: this.settings } as Study;
  }

  begin(): void {
    this.sums = { trainings: 0, steps: 0, tests: 0, texts: 0 };
  }

  add(name: string, { trainings = 0, steps = 0, texts }: Partial<StageWork>): void {
    if (this.known.has(name)) return;
    this.known.add(name);
    this.sums.trainings += trainings;
    this.sums.steps += steps;
    this.sums.tests += 1 - trainings;
    this.sums.texts += texts ?? 0;
  }

  train(cell: Cell): void {
    this.add(`train/${nameOf(cell)}`, { trainings: 1, steps: cell.steps, texts: this.tested });
  }

  test(own: Cell, recipe: string): void {
    this.add(`test/${nameOf(own)}/${recipe}`, { texts: this.tested });
  }

  startOf(start: Start, name: string, seed: number): string {
    const classes = this.study.classesOf(name);
    const own = start === "byClasses" && classes === this.settings.sharedClasses ? "shared" : start;
    return String(startSeed(own, seed, { name, classes }));
  }

  stepsOf({ schedule }: Regime, domain: string): number {
    return schedule === "equal" ? this.settings.steps : (this.settings.epochSteps[domain] ?? this.settings.steps);
  }

  eachAdapter(work: (method: AdapterMethod, seed: number, domain: string) => void): void {
    const { poolMethods, seeds, domains } = this.settings;
    for (const method of poolMethods)
      for (const seed of seeds) for (const domain of domains) work(method, seed, domain);
  }

  inBoth(work: (regime: Regime) => void): void {
    for (const regime of Object.values(regimes)) work(regime);
  }

  /** The adapters of a regime, all methods and seeds. */
  trainAll(regime: Regime): Cell[] {
    const cells: Cell[] = [];
    this.eachAdapter((method, seed, domain) => {
      const start = this.startOf(regime.start, domain, seed);
      cells.push({ method, seed, domain, start, steps: this.stepsOf(regime, domain) });
    });
    for (const cell of cells) this.train(cell);
    return cells;
  }

  sweep(regime: Regime, subsets: readonly (readonly number[])[]): void {
    for (const rows of groupsOf(this.trainAll(regime))) this.mix(rows, subsets, true);
  }

  /** Every mixture of the pool; returns its adapters. */
  pool(regime: Regime): Cell[][] {
    const names = poolDomains(this.asStudy);
    const pools = groupsOf(this.trainAll(regime)).map((rows) => rows.filter(({ domain }) => names.includes(domain)));
    for (const rows of pools) this.mix(rows, enumerateMixtures(rows.length), false);
    return pools;
  }

  private mix(rows: readonly Cell[], subsets: readonly (readonly number[])[], diluted: boolean): void {
    for (const subset of subsets) {
      if (subset.length === 1) continue;
      const members = subset.map((i) => rows[i]);
      const sharedStart = new Set(members.map(({ start }) => start)).size === 1;
      for (const own of members) {
        this.test(own, mixtureName(members));
        if (diluted && sharedStart) this.test(own, `diluted by ${members.length}`);
      }
    }
  }

  private get tested(): number {
    return this.settings.devRows + this.settings.testRows;
  }
}

function groupsOf(cells: readonly Cell[]): Cell[][] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = `${cell.method}/${cell.seed}`;
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}
