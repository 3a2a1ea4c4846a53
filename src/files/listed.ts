import { shown } from "./shown.js";

/** A list of names that files brought, as a message may show it: each as `shown` gives it, and not more than `most`. */
export function listed(names: readonly string[], most = 8): string {
  const more = names.length > most ? ` and ${names.length - most} more` : "";
  return names.slice(0, most).map(shown).join(", ") + more;
}
