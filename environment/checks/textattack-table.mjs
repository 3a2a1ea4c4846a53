// The comparison with TextAttack in numbers: no text of any data set is in it.

const steps = {
  recipe: "TextAttack, its recipe",
  words: "… with signmix's choice of words",
  tags: "… and its reading of parts of speech",
  articles: "… and articles that follow their word",
  short: "… and similarity deciding in short texts too",
};

const mean = (values) => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);
const rounded = (value) => (value === null ? null : Number(value.toFixed(3)));

/** One way to attack, summed up over the texts that the victim got right. */
function summary(results) {
  const tried = results.filter(({ verdict }) => verdict !== "skipped");
  const won = tried.filter(({ verdict }) => verdict === "succeeded");
  return {
    attacked: tried.length,
    succeeded: won.length,
    successRate: rounded(won.length / tried.length),
    wordsChanged: rounded(mean(won.map(({ changed, words }) => changed / words))),
    queries: rounded(mean(tried.map(({ queries }) => queries))),
    differentTexts: rounded(mean(tried.map(({ different }) => different))),
  };
}

function ownResult({ verdict, attacked, substitutions, queries, words, originalScore }, part) {
  const text = part === 0 ? attacked.text : attacked.textPair;
  const changed = new Set(substitutions.map(({ word }) => word)).size;
  return { verdict, text, queries, different: queries, changed, words, originalScore };
}

function compare({ name, own, runs, part, seconds, ...about }, timed) {
  const ours = own.map((one) => ownResult(one, part));
  const peers = runs.map(({ step, seconds: whole, results }) => ({
    step,
    ...summary(results),
    sameVerdict: results.filter(({ verdict }, i) => verdict === ours[i].verdict).length,
    sameText: results.filter(({ text }, i) => text === ours[i].text).length,
    sameDifferentTexts: results.filter(({ different }, i) => different === ours[i].different).length,
    ...(timed ? { examplesPerSecond: rounded(results.length / whole) } : {}),
  }));
  const { synonyms, similarity, threshold, versions } = about;
  return {
    ...{ domain: name, texts: own.length, synonyms, similarity, threshold: rounded(threshold), versions },
    signmix: { ...summary(ours), ...(timed ? { examplesPerSecond: rounded(own.length / seconds) } : {}) },
    textattack: peers,
    // of the probability of the true class: that the victim is the same
    largestDifference: Number(
      Math.max(...runs[0].results.map((one, i) => Math.abs(one.originalScore - ours[i].originalScore))).toExponential(
        1,
      ),
    ),
    // words that TextAttack cuts otherwise (a possessive, a slash) cannot be exchanged by both
    wordsCutOtherwise: runs[0].results.reduce((sum, { unaligned }) => sum + unaligned, 0),
  };
}

/** The results as JSON and as a page in Markdown. */
export function comparisonTable(compared, { encoder, generated, timed }) {
  const domains = compared.map((one) => compare(one, timed));
  const json = { encoder, texts: generated ? "generated" : "real", domains };
  const cell = (value) => (value === null ? "" : String(value));
  const row = (domain, way, one) =>
    `| ${[domain, way, one.successRate, one.wordsChanged, one.queries, one.differentTexts, one.sameVerdict ?? "", one.sameText ?? "", one.sameDifferentTexts ?? "", ...(timed ? [one.examplesPerSecond] : [])].map(cell).join(" | ")} |`;
  const rows = domains.flatMap(({ domain, texts, signmix, textattack }) => [
    row(`${domain}, ${signmix.attacked} of ${texts} attacked`, "signmix", signmix),
    ...textattack.map((one) => row("", steps[one.step], one)),
  ]);
  const head = [
    ...["domain", "attack", "success rate", "words changed", "queries as it counts them", "different texts asked"],
    ...["same verdict", "same text", "as many different texts", ...(timed ? ["examples per second"] : [])],
  ];
  const [{ versions, synonyms, similarity, threshold }] = domains;
  const markdown = [
    "# TextFooler beside TextAttack",
    "",
    `Victims: a Pfeiffer adapter on ${encoder} for each domain (${json.texts} texts), exported as AdapterHub writes adapters and read by its`,
    `library. Synonyms: ${synonyms}; similarity: ${similarity}, at least ${threshold}, windows of 15 words; parts of speech: wink-nlp for both.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}; one thread.`,
    "",
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows,
    "",
    "Same verdict, same text and as many different texts count the texts, skipped ones too, on which signmix and TextAttack agree.",
    ...(timed
      ? [
          "Examples per second of the processor, vectors of sentences left out for both, and for TextAttack the tags too.",
        ]
      : []),
    "",
  ].join("\n");
  return { json, markdown };
}
