/** Node's words on an option it does not know, without its advice on names that begin with "-". */
export function firstSentence(message: string): string {
  return `${message.split(". ")[0].replace(/\.$/, "")}.`;
}
