import { type AdapterMethod, methods } from "../adapters/methods.js";

/** A method's name in prose and titles, such as "LoRA" for `lora`; what is unknown stays as it is. */
export function methodName(method: string): string {
  return Object.hasOwn(methods, method) ? methods[method as AdapterMethod].label : method;
}
