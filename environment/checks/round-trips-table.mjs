// The page and the verdict of round-trips.mjs.

/** How far logits may be apart. */
export const allowed = 1e-5;

const libraries = { peft: "PEFT", adapterhub: "AdapterHub" };
const methods = { lora: "LoRA", pfeiffer: "Pfeiffer", houlsby: "Houlsby" };

/** What was found as a page, and a sentence for each round trip that differs by more than is allowed. */
export function roundTripTable({ versions, found }) {
  const failures = found
    .filter(({ apart }) => !(apart <= allowed))
    .map(({ name, storage, dtype, of, apart }) => `${name}, ${storage} of ${dtype}: ${of} differ by ${apart}.`);
  const storages = [...new Set(found.map(({ storage, dtype }) => `${storage}, ${dtype}`))];
  const kinds = [...new Set(found.map(({ library, method }) => `${library}/${method}`))];
  const shown = (value) => (value === 0 ? "0" : value.toExponential(1));
  const worst = (own) => shown(Math.max(...own.map(({ apart }) => apart)));
  const rows = kinds.map((kind) => {
    const [library, method] = kind.split("/");
    const own = found.filter((one) => one.library === library && one.method === method);
    const cells = storages.map((at) => worst(own.filter(({ storage, dtype }) => `${storage}, ${dtype}` === at)));
    return `| ${methods[method]}, ${libraries[library]} | ${own.length / storages.length} | ${cells.join(" | ")} |`;
  });
  const markdown = `# Round trips through the libraries

Adapters that \`peft\` ${versions.peft} and \`adapters\` ${versions.adapters} (transformers ${versions.transformers}, PyTorch ${versions.torch}) made with random weights and saved, read by signmix, written in its own
format, read again, written for the library, and loaded by it: largest difference of logits before and after (of the last hidden states, where an adapter has
no head for texts), by the file that was read, over BERT, RoBERTa, XLM-RoBERTa and DistilBERT of three layers. Adapters of float16 and bfloat16 hold such numbers in their files, and the library computes with them in float32.
Allowed is ${allowed}. What signmix itself computes with the same adapters, the project's tests compare with the libraries' logits.

| method, library | cases | ${storages.map((at) => at.replace("safetensors", "`.safetensors`").replace("bin", "`.bin`")).join(" | ")} |
| --- | ---: |${storages.map(() => " ---: |").join("")}
${rows.join("\n")}

The cases of PEFT: heads for texts, tokens and answers, a bare encoder with and without a task, some layers, every matrix, patterns of names and of ranks, modules saved beside the
LoRA. Those of AdapterHub: heads of one layer and two, layers left out, a scale, \`gelu\` and \`tanh\` in place of \`relu\`, LoRA on every place.

${failures.length === 0 ? "All are within what is allowed." : failures.join("\n")}
`;
  return { markdown, failures };
}
