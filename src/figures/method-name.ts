/** Names of methods as papers spell them, by the name that the options take. */
const names = new Map([
  ["houlsby", "Houlsby"],
  ["pfeiffer", "Pfeiffer"],
  ["lora", "LoRA"],
]);

/** A method's name in prose and titles, such as "LoRA" for `lora`; what is unknown stays as it is. */
export function methodName(method: string): string {
  return names.get(method) ?? method;
}
