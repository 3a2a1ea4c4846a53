import { type Grammar, names, words } from "./grammar.js";

/** Names of people and places: each split has its own, so that no name can give an answer away. */
export const nameRules = {
  woman: names(
    "Mary, Anna, Susan, Helen, Laura, Alice, Emma, Karen, Julia, Ruth, Sarah, Nancy, Clara, Jane, Rose, Linda, Maria, " +
      "Kate, Lucy, Grace, Martha, Ellen, Diana, Carol, Amy, Judy, Rachel, Betty, Donna, Eva, Irene, Paula",
  ),
  man: names(
    "John, Peter, James, Robert, Paul, David, Thomas, Henry, George, Martin, Frank, Daniel, Simon, Mark, Edward, Carl, " +
      "Steven, Walter, Arthur, Jack, Andrew, Philip, Michael, Kevin, Richard, Tony, Samuel, Victor, Roger, Eric, Alan, Ben",
  ),
  surname: names(
    "Smith, Miller, Brown, Wilson, Taylor, Clark, Walker, Hall, Allen, Young, King, Wright, Scott, Green, Baker, Adams, " +
      "Nelson, Carter, Mitchell, Roberts, Turner, Phillips, Campbell, Parker, Evans, Edwards, Collins, Stewart, Morris, " +
      "Rogers, Cook, Morgan, Bell, Murphy, Bailey, Cooper, Richardson, Cox, Howard, Ward, Peterson, Gray, Watson, Brooks",
  ),
  city: names(
    "Boston, Chicago, London, Paris, Berlin, Madrid, Rome, Dublin, Toronto, Sydney, Houston, Dallas, Denver, Seattle, " +
      "Atlanta, Miami, Vienna, Oslo, Athens, Moscow, Cairo, Tokyo, Lisbon, Geneva, Munich, Milan, Glasgow, Detroit, " +
      "Cleveland, Baltimore, Philadelphia, Melbourne",
  ),
  country: names(
    "France, Germany, Italy, Spain, Japan, China, India, Canada, Brazil, Mexico, Egypt, Russia, Greece, Poland, Ireland, " +
      "Sweden, Norway, Turkey, Kenya, Chile, Peru, Cuba, Israel, Iran, Pakistan, Australia, Austria, Switzerland, " +
      "Argentina, Vietnam, Hungary, Denmark",
  ),
  firm: names(
    "Northern, Summit, Harbor, Union, Pacific, Central, Royal, Liberty, Eagle, Crown, Valley, Golden, Silver, Bridge, " +
      "Highland, Delta, Atlas, Star, Pioneer, Western, River, Stone, Forest, Mountain, Eastern, Sunrise, Blue Ridge, " +
      "Lake, Northwest, Castle, Diamond, Orient",
  ),
} satisfies Grammar;

/** Words and numbers that any domain may use. */
export const commonRules = {
  ...nameRules,
  weekday: words("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
  month: words("January, February, March, April, May, June, July, August, September, October, November, December"),
  season: words("spring, summer, autumn, winter"),
  count: words("two, three, four, five, six, seven, eight, nine, ten, twelve, fifteen, twenty"),
  bigCount: words("30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800"),
  color: words("red, blue, green, yellow, black, white, brown, gray", "orange, purple"),
  trade: words(
    "Foods, Steel, Bank, Motors, Energy, Airlines, Insurance, Software, Paper, Telecom",
    "Shipping, Chemicals",
  ),
} satisfies Grammar;

/** Things by kind: a member entails its kind, never another member. */
export const kinds = {
  animal: words("dog, cat, horse, cow, goat, rabbit, pig, chicken", "sheep, duck"),
  vehicle: words("car, truck, bus, van, bicycle, boat, wagon", "taxi, tractor"),
  fruit: words("apple, banana, orange, lemon, pear, peach", "cherry, melon"),
  instrument: words("piano, guitar, violin, drum, flute, trumpet", "organ, harp"),
  tool: words("hammer, knife, saw, ladder, shovel, brush", "axe, drill"),
  garment: words("coat, shirt, dress, hat, jacket, skirt", "sweater, scarf"),
  publication: words("book, newspaper, novel, magazine, dictionary", "journal, catalog"),
} satisfies Grammar;

/** What a kind is called in a sentence. */
export const kindPhrases: Record<Kind, string> = {
  animal: "an animal",
  vehicle: "a vehicle",
  fruit: "a piece of fruit",
  instrument: "a musical instrument",
  tool: "a tool",
  garment: "a piece of clothing",
  publication: "something to read",
};

/** A kind of thing. */
export type Kind = keyof typeof kinds;

/** People by what they do: each is a person, none is another. */
export const people = words(
  "doctor, teacher, farmer, student, nurse, driver, cook, soldier, lawyer, writer, painter, singer, tourist, sailor, baker",
  "dentist, engineer, judge, actor",
);

/** An action with its synonym, its opposite, and the kinds of things it is done to. */
export interface Action {
  verb: string;
  synonym: string;
  opposite: string;
  kinds: readonly Kind[];
}

const goods: readonly Kind[] = ["animal", "vehicle", "fruit", "instrument", "tool", "garment", "publication"];
const machines: readonly Kind[] = ["vehicle", "instrument", "tool"];

/** Actions that train and dev may use. */
export const actions: readonly Action[] = [
  { verb: "buy", synonym: "purchase", opposite: "sell", kinds: goods },
  { verb: "find", synonym: "discover", opposite: "lose", kinds: goods },
  { verb: "repair", synonym: "fix", opposite: "break", kinds: machines },
  { verb: "hide", synonym: "conceal", opposite: "show", kinds: goods },
  { verb: "like", synonym: "enjoy", opposite: "hate", kinds: ["fruit", "publication", "instrument", "animal"] },
  { verb: "accept", synonym: "take", opposite: "refuse", kinds: goods },
  { verb: "remember", synonym: "recall", opposite: "forget", kinds: ["publication", "animal", "garment"] },
  { verb: "praise", synonym: "commend", opposite: "criticize", kinds: ["publication", "instrument", "garment"] },
  { verb: "clean", synonym: "wash", opposite: "stain", kinds: ["vehicle", "garment"] },
  { verb: "steal", synonym: "grab", opposite: "return", kinds: goods },
  { verb: "save", synonym: "rescue", opposite: "abandon", kinds: ["animal", "publication"] },
  { verb: "sell", synonym: "trade", opposite: "buy", kinds: goods },
  { verb: "lose", synonym: "misplace", opposite: "find", kinds: ["tool", "garment", "publication", "animal"] },
  { verb: "break", synonym: "damage", opposite: "repair", kinds: machines },
];

/** Actions that test shows beside those of train. */
export const novelActions: readonly Action[] = [
  { verb: "keep", synonym: "retain", opposite: "sell", kinds: goods },
  { verb: "love", synonym: "adore", opposite: "hate", kinds: ["fruit", "publication", "instrument", "animal"] },
  { verb: "return", synonym: "give back", opposite: "keep", kinds: goods },
];

/** Where and when: alternatives of one slot exclude each other. */
export const circumstanceRules = {
  place: words(
    "in the kitchen, in the garden, at the market, near the river, at the station, in the park, on the beach, in the street, " +
      "behind the school, at the airport, in the village, on the farm",
    "in the forest, at the harbor, on the bridge",
  ),
  time: words(
    "on Monday, on Friday, on Sunday, yesterday, last night, this morning, last week, last month, in the summer, in the winter",
    "on Tuesday, last year, at noon, in the spring",
  ),
} satisfies Grammar;
