import { frames, type Rule, sharedFrames, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

const grammar = {
  ...commonRules,
  /** Figures that an investor likes to see rise, and those that he likes to see fall. */
  gain: words(
    "profit, operating profit, net sales, sales, revenue, market share, turnover, income, demand, output",
    "earnings per share, cash flow",
  ),
  burden: words(
    "loss, operating loss, costs, debt, expenses, energy costs, net loss, tax bill",
    "losses on loans, interest costs",
  ),
  up: words("rose, increased, grew, climbed, went up", "jumped, advanced"),
  down: words("fell, decreased, dropped, went down, declined", "slipped, shrank"),
  period: words(
    "in the first quarter, in the second quarter, in the third quarter, in the fourth quarter, in the first half of the year, last year, in {month}",
    "in the past nine months, during the winter",
  ),
  unit: words("million euros, million dollars, million pounds, billion euros", "billion dollars, million crowns"),
  region: words(
    "Europe, Asia, {country}, {country}, Russia, the United States, Latin America",
    "the Baltic countries, the Far East",
  ),
  share: words("2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 17, 18, 21, 23, 26, 32, 38, 41", "10, 16, 19, 27"),
  line: words(
    "paper machines, mobile phones, wind turbines, fishing gear, office furniture, medical equipment, steel pipes, software, trucks",
    "elevators, packaging",
  ),
  firmName: words("{firm} {trade}, the {firm} Group, {firm} Corporation"),
  fact: words(
    "the company has its head office in {city}, the report was published on {weekday}, the firm makes {line}, the shares are listed in {city}",
    "the firm was founded in {city}",
  ),
};

/** A figure moves: {what} is the figure, {moved} the movement, {from} and {to} amounts that agree with it. */
const movements = frames([
  "{what} of {name} {moved} by {share} percent {period}.",
  "{period}, {what} {moved} to {to} {unit1} from {from} {unit1}.",
  "{name} said that its {what} {moved} to {to} {unit1}, compared with {from} {unit1} a year earlier.",
  "{what} {moved} {share} percent to {to} {unit1} {period}, {name} reported.",
  "according to {name}, {what} in {region} {moved} by {share} percent.",
  "{name} reports that {what} {moved} {period}, from {from} to {to} {unit1}.",
  "at {name}, {what} {moved} to {to} {unit1} ({from} {unit1} a year ago).",
  "the {what} of {name}, which makes {line}, {moved} by {share} percent {period}.",
  "compared with last year, {what} at {name} {moved} {share} percent.",
  "{what} {moved} to {to} {unit1} {period}, mostly because of business in {region}.",
]);

/** The same told with two numbers and no verb of movement: only the amounts say which way it went. */
const comparisons = frames([
  "{what} of {name} was {to} {unit1} {period}, compared with {from} {unit1} a year earlier.",
  "{period}, {what} was {to} {unit1} against {from} {unit1} last year.",
  "{name} had {what} of {to} {unit1}; a year ago it was {from} {unit1}.",
  "{what} amounted to {to} {unit1}, while the year before it was {from} {unit1}.",
  "{what}: {to} {unit1} ({from} {unit1} in the same period last year).",
  "the {what} of {name} came to {to} {unit1}, after {from} {unit1} in the previous year.",
]);

const unchanged = frames([
  "{what} of {name} was unchanged at {to} {unit1} {period}.",
  "{period}, {what} stayed at {to} {unit1}.",
  "{name} expects its {what} to remain at the level of last year.",
  "{what} was {to} {unit1}, the same as a year earlier.",
  "{name} made no change to its forecast for {what}.",
  "at {to} {unit1}, {what} of {name} was as high as the year before.",
  "the {what} of {name} neither {up} nor {down} {period}.",
  "{name} will publish its {what} for the quarter on {weekday}.",
]);

const statements = sharedFrames([
  "{name} makes {line} and has {bigCount} employees in {region}.",
  "{name} will hold its annual meeting in {city} on {weekday}.",
  "the contract with {name} covers the delivery of {line}.",
  "the new office of {name} in {city} will open in {month}.",
  "{name} has appointed a new head of business in {region}.",
  "the board of {name} has {count} members.",
  "the shares of {name} are traded in {city}.",
  "{name} has moved its production of {line} to {country}.",
  "the value of the deal between {name} and {name2} was not disclosed.",
  "{name} is a maker of {line} with offices in {city} and {city2}.",
]);

const goodNews = sharedFrames([
  "{name} has won an order for {line} worth {to} {unit1}.",
  "{name} raised its forecast for the year because of strong demand in {region}.",
  "{name} will hire {bigCount} people in {city} to meet demand for {line}.",
  "a long strike at {name} has ended, and the plant in {city} is at work again.",
  "{name} returned to profit {period} after a loss a year ago.",
  "{name} has paid back its debt earlier than planned.",
  "the bank no longer sees a risk in loans to {name}.",
  "{name} got the largest contract in its history from {country}.",
  "{name} avoided a loss {period} by selling more {line}.",
  "investors welcomed the plans of {name} in {region}.",
]);

const badNews = sharedFrames([
  "{name} has lost an order for {line} worth {to} {unit1}.",
  "{name} lowered its forecast for the year because of weak demand in {region}.",
  "{name} will lay off {bigCount} people in {city} as demand for {line} is weak.",
  "a strike at {name} has begun, and the plant in {city} is not at work.",
  "{name} made a loss {period} after a profit a year ago.",
  "{name} cannot pay back its debt as early as planned.",
  "the bank now sees a risk in loans to {name}.",
  "{name} lost the largest contract in its history with {country}.",
  "{name} missed its profit target {period} despite selling more {line}.",
  "investors did not welcome the plans of {name} in {region}.",
]);

const concessions = frames([
  "although {aside}, {main}",
  "{aside}, but {main}",
  "while {aside}, {main}",
  "even though {aside}, {main}",
  "{aside}; however, {main}",
  "despite the fact that {aside}, {main}",
]);

/** A movement granted beside another. */
const shortMoves = words("its {what} {moved}, {what} in {region} {moved}, the {what} of last year {moved}");

/** Two amounts, the first the larger. */
function amounts(writer: Writer): [string, string] {
  const small = 1.1 + writer.random.integer(400) / 10;
  const large = small * (1.08 + writer.random.uniform() * 0.9);
  return [large.toFixed(1), small.toFixed(1)];
}

/** A sentence in which a figure moves for better or worse. */
function movement(writer: Writer, better: boolean, rule: Rule): string {
  const gain = writer.chance(0.7);
  const rises = gain === better;
  const [large, small] = amounts(writer);
  const slots = { what: writer.phrase(gain ? "{gain}" : "{burden}"), moved: writer.phrase(rises ? "{up}" : "{down}") };
  const range = rises ? { from: small, to: large } : { from: large, to: small };
  return writer.phrase(writer.pick(rule), { ...slots, ...range, name: writer.phrase(writer.phrase("{firmName}")) });
}

function writeStatement(writer: Writer, label: number): Written {
  const name = writer.phrase(writer.phrase("{firmName}"));
  const [to] = amounts(writer);
  const slots = { name, name2: writer.phrase("{firm} {trade}"), to };
  if (label === 1) {
    const what = writer.phrase(writer.chance(0.6) ? "{gain}" : "{burden}");
    const rule = writer.chance(0.5) ? unchanged : statements;
    return { text: writer.sentence(rule, { ...slots, what }) };
  }
  const better = label === 2;
  if (writer.chance(0.3)) return { text: writer.sentence(better ? goodNews : badNews, slots) };
  const main = movement(writer, better, writer.chance(0.08) ? comparisons : movements);
  if (!writer.chance(0.2) || main.includes(":")) return { text: writer.write(main) };
  const aside = writer.chance(0.7) ? movement(writer, !better, shortMoves) : writer.phrase(writer.phrase("{fact}"));
  return { text: writer.sentence(concessions, { main, aside }) };
}

export const financial: Recipe = {
  name: "financial",
  task: "Is a statement good news for investors, bad, or neither? Traps: falling costs are good, and sometimes only two amounts tell the direction.",
  labels: ["negative", "neutral", "positive"],
  pair: false,
  labelNoise: 0.06,
  grammar,
  write: writeStatement,
};
