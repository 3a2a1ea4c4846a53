// A reporter of Node's test runner that names, at the end, every test that was skipped, with its reason.
export default async function* skippedReporter(events) {
  const skipped = new Map();
  for await (const { type, data } of events) {
    if (type !== "test:pass" || data.skip === undefined || data.skip === false) continue;
    const reason = typeof data.skip === "string" && data.skip !== "" ? data.skip : "no reason is given";
    skipped.set(reason, [...(skipped.get(reason) ?? []), data.name]);
  }
  const count = [...skipped.values()].flat().length;
  if (count === 0) return;
  yield `\n${count} ${count === 1 ? "test was" : "tests were"} skipped:\n`;
  for (const [reason, names] of skipped) {
    yield `- ${reason}\n${names.map((name) => `    ${name}\n`).join("")}`;
  }
}
