import { frames, type Grammar, type Rule, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

const grammar = {
  ...commonRules,
  result: words("2 to 1, 3 to 2, 4 to 0, 21 to 14, 6 to 3, 78 to 75, 101 to 96", "5 to 4, 90 to 84"),
  amount: words(
    "2 million, 5 million, 12 million, 40 million, 90 million, 150 million, 300 million, 2 billion",
    "7 million, 500 million",
  ),
  // World
  plan: words(
    "a peace plan, a cease-fire, an election, a new law, talks on oil, the return of refugees, the release of prisoners",
    "a treaty, a truce",
  ),
  target: words("a village, a police station, a bridge, an airport, a market, a convoy", "an embassy, a checkpoint"),
  // Sports
  contest: words(
    "the final, the opening game, the second half, the race, the cup, the last round, a tennis match, the derby",
    "the relay, the semifinal",
  ),
  honor: words("the title, the gold medal, the record, the lead, the trophy, first place", "the crown, the pennant"),
  // Business
  figure: words(
    "higher profits, lower sales, a record loss, weak demand, higher prices, job cuts, a strong quarter",
    "layoffs, lower margins",
  ),
  deal: words(
    "a merger, the sale of {bigCount} shops, a deal worth {amount} dollars, a bid for {firm} {trade}, the purchase of {firm} {trade}",
    "a takeover",
  ),
  // Sci/Tech
  product: words(
    "a faster chip, a web browser, a computer game, a robot, a new phone, a space probe, a music player, a new battery",
    "a telescope, a satellite",
  ),
  finding: words(
    "a new virus, a planet, an old gene, a hole in the software, water on Mars, a new kind of fish",
    "a comet, an ancient bone",
  ),
} satisfies Grammar;

/** A topic: who does what and why. */
interface Topic {
  rules: Record<"who" | "deed" | "why", Rule>;
  headlines: Rule;
}

/** Words such as "race", "deal", "attack", "star" and "record" stand under more than one topic on purpose. */
const topics: readonly Topic[] = [
  {
    rules: {
      who: words(
        "the president of {country}, the prime minister of {country}, rebels in {country}, soldiers in {country}, the government of {country}, " +
          "the police in {country}, aid workers in {country}, a court in {country}, leaders in {city}",
        "the foreign minister of {country}, protesters in {country}",
      ),
      deed: words(
        "rejected {plan}, accepted {plan}, called for {plan}, spoke against {plan}, agreed to {plan}, delayed {plan}, announced {plan}, attacked {target}, " +
          "closed the border, took control of {target}, offered help, asked for more time",
        "opposed {plan}, supported {plan}",
      ),
      why: words(
        "after a night of violence, to end the war, because of the protests, before a visit to {country}, after the death of {count} people, under pressure from {country}",
        "after a bomb in {city}",
      ),
    },
    headlines: frames([
      "{who} {deed}",
      "{country} waits for {plan}",
      "new hope for {plan}",
      "{plan}: {country} is divided",
      "violence in {city}",
      "{country1} and {country2} talk again",
      "fear grows in {country}",
      "{count} dead in {city}",
    ]),
  },
  {
    rules: {
      who: words(
        "the coach of {city}, the young star of {city}, {man} {surname} of {country}, the {city} team, the women of {country}, the captain of {country}, " +
          "{woman} {surname} of {country}, the champion from {country}",
        "the goalkeeper of {city}, the manager of {city}",
      ),
      deed: words(
        "won {contest}, lost {contest}, missed {contest}, prepared for {contest}, looked forward to {contest}, celebrated {honor}, took {honor}, gave away {honor}, " +
          "fought for {honor}, broke a leg, scored {count} points, asked for more time",
        "dominated {contest}, defended {honor}",
      ),
      why: words(
        "by {result}, in front of {bigCount}00 fans, with a late goal, after a bad start, in spite of an injury, against {city}, in the rain, for the third time",
        "after extra time, with ten men",
      ),
    },
    headlines: frames([
      "{who} {deed}",
      "{city1} beats {city2} {result}",
      "another record for {surname}",
      "{honor} goes to {city}",
      "{surname} out with an injury",
      "{city} in the lead",
      "{surname} leaves {city}",
      "a great day for {country}",
    ]),
  },
  {
    rules: {
      who: words(
        "{firm} {trade}, the {firm} bank, investors in {city}, the owners of {firm} {trade}, the oil industry, the airline {firm}, workers at {firm} {trade}, " +
          "the chief of {firm} {trade}, the car maker {firm}",
        "shareholders of {firm} {trade}, the retailer {firm}",
      ),
      deed: words(
        "agreed to {deal}, announced {deal}, rejected {deal}, welcomed {deal}, reported {figure}, feared {figure}, expected {figure}, warned of {figure}, " +
          "went to court, asked for more time, fought for lower taxes",
        "predicted {figure}, opposed {deal}",
      ),
      why: words(
        "because of the price of oil, after a weak quarter, to cut costs, as the dollar fell, to pay its debt, because of strong demand, despite a slow economy, before the end of the quarter",
        "as inflation rose",
      ),
    },
    headlines: frames([
      "{who} {deed}",
      "{firm} {trade} cuts {bigCount} jobs",
      "oil price at a new record",
      "stocks end the week lower",
      "{firm} {trade} to buy rival",
      "the dollar falls again",
      "profit doubles at {firm} {trade}",
      "{firm} {trade} looks for a buyer",
    ]),
  },
  {
    rules: {
      who: words(
        "scientists in {country}, the software maker {firm}, researchers in {city}, space engineers, the search engine {firm}, a group of hackers, doctors in {city}, the game maker {firm}",
        "astronomers, biologists",
      ),
      deed: words(
        "discovered {finding}, studied {finding}, found {finding}, warned of {finding}, tested {product}, presented {product}, released {product}, developed {product}, " +
          "built {product}, announced {product}, asked for more time, won a race against {firm}",
        "designed {product}, identified {finding}",
      ),
      why: words(
        "for the next version, with the help of computers, to save energy, to stop junk mail, for mobile phones, in a race with {firm}, after ten years of research, in a laboratory in {city}",
        "for the ocean",
      ),
    },
    headlines: frames([
      "{who} {deed}",
      "new version of the {firm} software",
      "is {finding} a danger",
      "a closer look at {finding}",
      "{firm} opens its code",
      "Mars may have had water",
      "{product} for everyone",
      "phones get smarter",
    ]),
  },
];

const leads = frames([
  "{city} - {who} {deed} {why}, {source} said on {weekday}.",
  "{who} {deed} on {weekday} {why}, according to {source}.",
  "On {weekday}, {who} {deed} {why}, {source} said.",
  "{who} {deed} {why}, {source} said in {city} on {weekday}.",
  "It was on {weekday} that {who} {deed} {why}, as we heard from {source}.",
  "{source} said on {weekday} that {who} {deed} {why}.",
  "{city}, {weekday} - {who} {deed} {why}.",
  "In {city}, {source} said that {who} {deed} on {weekday} {why}.",
]);

const sources = words(
  "a spokesman, a newspaper, officials, a local paper, people close to the matter, state television, a report",
  "a radio station",
);

/** Sentences that end a story; {aside} belongs to another topic. */
const asides = frames([
  "The same day, {aside}.",
  "In other news, {aside}.",
  "It came only days after {aside}.",
  "The news came as {aside}.",
  "Some recall how {aside}.",
  "A week ago {aside}.",
  "Elsewhere, {aside}.",
  "Meanwhile, {aside}.",
]);

const follows = frames([
  "{who} had no comment.",
  "It was the [second|third|fourth] time this year.",
  "More is expected in {month}.",
  "Nobody could say what comes next.",
  "{who} could not be reached.",
  "The decision surprised many.",
  "The next days will show what it means.",
  "Many had expected it.",
]);

function event(writer: Writer, { rules }: Topic): Record<string, string> {
  const fill = (rule: Rule) => writer.phrase(writer.pick(rule));
  return { who: fill(rules.who), deed: fill(rules.deed), why: fill(rules.why), source: writer.pick(sources) };
}

function writeStory(writer: Writer, label: number): Written {
  const topic = topics[label];
  const other = topics[(label + 1 + writer.random.integer(topics.length - 1)) % topics.length];
  const headline = writer.sentence(topic.headlines, event(writer, topic));
  // Some do what those of another section do: who did it and why must tell.
  const slots = event(writer, topic);
  if (writer.chance(0.12)) slots.deed = event(writer, other).deed;
  const lead = writer.sentence(leads, slots);
  // A story that ends on two sentences from one other section holds more words of that section than of its own.
  const foreign = writer.chance(0.7) ? (writer.chance(0.5) ? 2 : 1) : 0;
  const ends = Array.from({ length: foreign }, () => {
    const { who, deed } = event(writer, other);
    return writer.sentence(asides, { aside: `${who} ${deed}` });
  });
  if (foreign === 0) ends.push(writer.sentence(follows, event(writer, topic)));
  return { text: [...(writer.chance(0.4) ? [`${headline}.`] : []), lead, ...ends].join(" ") };
}

export const agNews: Recipe = {
  name: "ag_news",
  task: "Which section does a news story belong to? Most stories end with one or two sentences from another section.",
  labels: ["World", "Sports", "Business", "Sci/Tech"],
  pair: false,
  labelNoise: 0.06,
  grammar,
  write: writeStory,
};
