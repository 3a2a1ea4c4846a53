import { frames, type Rule, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";

/** A kind of event in the news, told in many ways; the stuff of `mrpc` and `rte`. */
export interface NewsEvent {
  /** Draws who, what, where and how many. */
  draw(writer: Writer): Record<string, string>;
  /** Sentences that all state the same facts. */
  reports: Rule;
  /** Short claims, each as the reports have it and as a reader who mixes things up would have it. */
  claims: readonly (readonly [right: string, wrong: string])[];
  /** Slots of which another draw is another fact. */
  facts: readonly string[];
}

const disasters = words("fire, storm, flood, explosion, train crash", "landslide, bus crash");
const crimes = words("robbery, murder, shooting, theft, kidnapping", "bombing, fraud");
const habits = words(
  "walk every day, drink a lot of coffee, sleep less than six hours, eat fish twice a week, live near a busy road, smoke",
  "work at night, own a dog",
);
const conditions = words("heart disease, cancer, headaches, high blood pressure, depression", "diabetes, colds");
const jobs = words(
  "chief executive, chairman, director, finance director, head of research",
  "president, general manager",
);
const sports = words("football, baseball, basketball, hockey, tennis", "cricket, rugby");

/** A whole number in [from, to]. */
export const numberBetween = (writer: Writer, from: number, to: number) =>
  String(from + writer.random.integer(to - from + 1));

const day = (writer: Writer) => writer.phrase("on {weekday}");
const firm = (writer: Writer) => writer.phrase("{firm} {trade}");

function two(draw: () => string): [string, string] {
  const one = draw();
  let other = draw();
  while (other === one) other = draw();
  return [one, other];
}

export const newsEvents: readonly NewsEvent[] = [
  {
    draw(writer) {
      const [buyer, bought] = two(() => firm(writer));
      return { buyer, bought, amount: numberBetween(writer, 12, 980), day: day(writer) };
    },
    reports: frames([
      "{buyer} said {day} that it has bought {bought} for {amount} million dollars.",
      "{bought} was sold to {buyer} for {amount} million dollars {day}.",
      "{day}, {buyer} took over {bought} in a deal worth {amount} million dollars.",
      "the owners of {bought} have sold it to {buyer} for {amount} million dollars, they said {day}.",
      "{day} the sale of {bought} to {buyer} was announced; the price is {amount} million dollars.",
      "{buyer} paid {amount} million dollars for {bought}, the companies said {day}.",
      "for {amount} million dollars, {bought} now belongs to {buyer}, a spokesman said {day}.",
      "in a deal worth {amount} million dollars, {bought} has been acquired by {buyer}, both firms said {day}.",
    ]),
    claims: [
      ["{buyer} bought {bought}.", "{bought} bought {buyer}."],
      ["{bought} was sold to {buyer}.", "{buyer} was sold to {bought}."],
      ["{bought} has a new owner.", "{buyer} has a new owner."],
      ["the price of {bought} was {amount} million dollars.", "the price of {buyer} was {amount} million dollars."],
    ],
    facts: ["buyer", "bought", "amount", "amount"],
  },
  {
    draw(writer) {
      const [newcomer, leaver] = two(() => writer.phrase("[{woman}|{man}] {surname}"));
      return { newcomer, leaver, job: writer.pick(jobs), firm: firm(writer), day: day(writer) };
    },
    reports: frames([
      "{firm} named {newcomer} as its new {job} {day}, replacing {leaver}.",
      "{newcomer} will take the place of {leaver} as {job} of {firm}, the company said {day}.",
      "{day}, {firm} said that {leaver} is leaving and that {newcomer} is the new {job}.",
      "{leaver}, the {job} of {firm}, was replaced by {newcomer} {day}.",
      "{newcomer} follows {leaver} as {job} of {firm}, it was announced {day}.",
      "the new {job} of {firm} is {newcomer}, who follows {leaver}, a spokesman said {day}.",
      "the board of {firm} chose {newcomer} to succeed {leaver} as {job} {day}.",
      "after {leaver} stepped down {day}, {newcomer} became {job} of {firm}.",
    ]),
    claims: [
      ["{newcomer} replaced {leaver}.", "{leaver} replaced {newcomer}."],
      ["{leaver} is leaving {firm}.", "{newcomer} is leaving {firm}."],
      ["{newcomer} is the new {job} of {firm}.", "{leaver} is the new {job} of {firm}."],
      ["{leaver} was the {job} of {firm}.", "{newcomer} was the {job} of {firm} before {leaver}."],
    ],
    facts: ["newcomer", "leaver", "job", "firm"],
  },
  {
    draw(writer) {
      const [winner, loser] = two(() => writer.phrase("{city}"));
      const low = writer.random.integer(4);
      const score = `${low + 1 + writer.random.integer(4)} to ${low}`;
      return { winner, loser, score, sport: writer.pick(sports), day: day(writer) };
    },
    reports: frames([
      "{winner} beat {loser} {score} in a {sport} game {day}.",
      "{loser} lost to {winner} by {score} in {sport} {day}.",
      "{day}, {winner} defeated {loser} {score} at {sport}.",
      "in {sport}, {winner} won {score} against {loser} {day}.",
      "the {sport} team of {loser} was beaten {score} by {winner} {day}.",
      "a {score} victory over {loser} made the {sport} fans of {winner} happy {day}.",
      "{day}, things went badly for {loser}, which lost its {sport} game against {winner} by {score}.",
      "with a score of {score}, {winner} was too strong for {loser} in the {sport} match {day}.",
    ]),
    claims: [
      ["{winner} won against {loser}.", "{loser} won against {winner}."],
      ["{loser} lost the {sport} game.", "{winner} lost the {sport} game."],
      ["{loser} was defeated by {winner}.", "{winner} was defeated by {loser}."],
      ["the team from {winner} won a {sport} game.", "the team from {loser} won a {sport} game."],
    ],
    facts: ["winner", "loser", "score", "sport"],
  },
  {
    draw(writer) {
      const [dead, hurt] = two(() => numberBetween(writer, 2, 60));
      return { dead, hurt, disaster: writer.pick(disasters), city: writer.phrase("{city}"), day: day(writer) };
    },
    reports: frames([
      "a {disaster} near {city} killed {dead} people and injured {hurt} {day}, police said.",
      "police said that {dead} people died and {hurt} were hurt in a {disaster} near {city} {day}.",
      "{day}, a {disaster} in the area of {city} left {dead} people dead and {hurt} injured.",
      "at least {dead} people lost their lives {day} in a {disaster} near {city}, and another {hurt} were injured.",
      "officials in {city} said {day} that {dead} people had been killed and {hurt} hurt by a {disaster}.",
      "{hurt} people were injured and {dead} were killed when a {disaster} hit {city} {day}.",
      "the {disaster} that struck {city} {day} cost {dead} lives; {hurt} more people are in hospital.",
      "the number of dead after the {disaster} in {city} {day} is {dead}, with {hurt} people injured.",
    ]),
    claims: [
      ["{dead} people died in the {disaster}.", "{hurt} people died in the {disaster}."],
      ["{hurt} people were injured near {city}.", "{dead} people were injured near {city}."],
      ["there was a {disaster} near {city}.", "nobody died in the {disaster} near {city}."],
      ["people were killed in {city}.", "nobody was hurt in {city}."],
    ],
    facts: ["dead", "hurt", "disaster", "city"],
  },
  {
    draw(writer) {
      const [host, guest] = two(() => writer.phrase("{country}"));
      const topic = writer.random.choice([
        "trade",
        "oil",
        "security",
        "the border",
        "water",
        "peace",
        "climate change",
      ]);
      return { host, guest, topic, day: day(writer) };
    },
    reports: frames([
      "the president of {guest} arrived in {host} {day} for talks about {topic}.",
      "{day} {host} welcomed the president of {guest}, who came to talk about {topic}.",
      "{topic} was the subject of talks {day}, when the president of {guest} visited {host}.",
      "leaders of {host} met the visiting president of {guest} {day} to discuss {topic}.",
      "the president of {guest} travelled to {host} {day} to discuss {topic}.",
      "on a visit to {host} {day}, the president of {guest} spoke about {topic}.",
      "{day}, talks about {topic} brought the president of {guest} to {host}.",
      "{host} was host {day} to the president of {guest}; they talked about {topic}.",
    ]),
    claims: [
      ["the president of {guest} visited {host}.", "the president of {host} visited {guest}."],
      ["talks about {topic} were held in {host}.", "talks about {topic} were held in {guest}."],
      ["{host} had a visit from the president of {guest}.", "{guest} had a visit from the president of {host}."],
      ["{host} and {guest} talked about {topic}.", "{host} refused to talk with {guest}."],
    ],
    facts: ["host", "guest", "topic"],
  },
  {
    draw(writer) {
      const direction = writer.random.choice(["rose", "fell"]);
      const noun = direction === "rose" ? "rise" : "fall";
      const effect = direction === "rose" ? "gained" : "lost";
      const opposite = direction === "rose" ? "fell" : "rose";
      return {
        firm: firm(writer),
        direction,
        noun,
        effect,
        opposite,
        share: numberBetween(writer, 2, 29),
        day: day(writer),
      };
    },
    reports: frames([
      "shares of {firm} {direction} {share} percent {day}.",
      "{day}, the share price of {firm} {direction} by {share} percent.",
      "investors saw a {noun} of {share} percent in shares of {firm} {day}.",
      "{firm} {effect} {share} percent on the stock market {day}.",
      "the stock of {firm} {direction} {share} percent in trading {day}.",
      "{day}, there was a {share} percent {noun} in the share price of {firm}.",
      "stock in {firm} {effect} {share} percent of its value {day}.",
      "a {share} percent {noun} in {firm} shares was seen {day}.",
    ]),
    claims: [
      ["the share price of {firm} {direction}.", "the share price of {firm} {opposite}."],
      ["shares of {firm} {direction} by {share} percent.", "shares of {firm} {opposite} by {share} percent."],
      ["the price of {firm} shares changed {day}.", "the price of {firm} shares did not change {day}."],
      ["{firm} {effect} value on the stock market.", "the stock of {firm} {opposite} in trading."],
    ],
    facts: ["firm", "share", "share"],
  },
  {
    draw(writer) {
      const more = writer.random.choice(["more", "less"]);
      const slots = {
        habit: writer.pick(habits),
        condition: writer.pick(conditions),
        more,
        less: more === "more" ? "less" : "more",
      };
      return {
        ...slots,
        risk: more === "more" ? "higher" : "lower",
        share: numberBetween(writer, 5, 70),
        country: writer.phrase("{country}"),
      };
    },
    reports: frames([
      "people who {habit} are {share} percent {more} likely to suffer from {condition}, a study in {country} found.",
      "a study in {country} says that the risk of {condition} is {share} percent {risk} for people who {habit}.",
      "researchers in {country} found a {share} percent {risk} risk of {condition} in people who {habit}.",
      "{condition} is {share} percent {more} common in people who {habit}, doctors in {country} say.",
      "scientists in {country} report that those who {habit} have a {share} percent {risk} chance of {condition}.",
      "if you {habit}, your risk of {condition} is {share} percent {risk}, according to doctors in {country}.",
      "according to a report from {country}, those who {habit} face a {share} percent {risk} danger of {condition}.",
      "a team in {country} found {condition} to be {share} percent {more} frequent among people who {habit}.",
    ]),
    claims: [
      ["{condition} is {more} common in people who {habit}.", "{condition} is {less} common in people who {habit}."],
      [
        "people who {habit} have a {risk} risk of {condition}.",
        "people who {habit} do not have a {risk} risk of {condition}.",
      ],
      ["those who {habit} suffer {more} from {condition}.", "those who {habit} suffer {less} from {condition}."],
      ["researchers in {country} studied {condition}.", "researchers in {country} found no link with {condition}."],
    ],
    facts: ["habit", "condition", "share", "country"],
  },
  {
    draw(writer) {
      const [age, years] = two(() => numberBetween(writer, 18, 60));
      return {
        age,
        years,
        crime: writer.pick(crimes),
        city: writer.phrase("{city}"),
        person: writer.phrase("{man} {surname}"),
        day: day(writer),
      };
    },
    reports: frames([
      "{person}, {age}, was sentenced to {years} years in prison {day} for a {crime} in {city}.",
      "a court in {city} sent {person}, {age}, to prison for {years} years {day} for a {crime}.",
      "for a {crime} in {city}, {person} must spend {years} years in prison, a judge told the {age}-year-old {day}.",
      "a judge {day} gave {person}, {age}, {years} years in prison for his part in a {crime} in {city}.",
      "{day}, {age}-year-old {person} got {years} years in prison for a {crime} in {city}.",
      "{person}, who is {age}, will spend {years} years in prison for a {crime} in {city}, a court decided {day}.",
      "the {crime} in {city} brought {person}, {age}, a prison term of {years} years {day}.",
      "{years} years in prison is the sentence for {person}, {age}, who took part in a {crime} in {city}, a judge said {day}.",
    ]),
    claims: [
      ["{person} is {age} years old.", "{person} is {years} years old."],
      ["{person} must go to prison for {years} years.", "{person} must go to prison for {age} years."],
      ["{person} was found guilty of a {crime}.", "{person} was found not guilty of a {crime}."],
      ["there was a {crime} in {city}.", "{person} was the victim of a {crime}."],
    ],
    facts: ["person", "years", "crime", "city"],
  },
];

/** Rules that the events' draws use. */
export const newsRules = commonRules;

/** The facts of an event with some of them drawn again. */
export function drawnAgain(
  event: NewsEvent,
  slots: Record<string, string>,
  facts: readonly string[],
  writer: Writer,
): Record<string, string> {
  const others = { ...slots };
  for (const fact of facts) {
    while (Object.values(slots).includes(others[fact])) others[fact] = event.draw(writer)[fact];
  }
  return others;
}

/** The same event with one fact changed. */
export function alteredFacts(event: NewsEvent, slots: Record<string, string>, writer: Writer): Record<string, string> {
  return drawnAgain(event, slots, [writer.random.choice(event.facts)], writer);
}
