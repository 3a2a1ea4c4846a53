// The far ends that TextAttack would download, answered by ours: one JSON object a line in, one out.
//   {"embed": [text, …]}                 -> {"vectors": base64 of float32 [texts, 512]}
//   {"tag": [word, …], "at": place}      -> {"tag": "NOUN", "seconds": of the processor}
//   {"edits": text, "word": place, "candidate": word} -> {"edits": [[place, word], …]}
import { createInterface } from "node:readline";
import { partOfSpeech } from "../../dist/attacks/part-of-speech.js";
import { editsFor } from "../../dist/attacks/substitutions.js";
import { openUniversalSentenceEncoder } from "../../dist/attacks/universal-sentence-encoder.js";
import { selectBackend } from "../../dist/engine/backend.js";

await selectBackend("onnx", { quiet: true });
const encoder = openUniversalSentenceEncoder();

function answer(request) {
  if (request.embed) {
    const vectors = encoder.embed(request.embed);
    const bytes = vectors.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
    return { vectors: Buffer.concat(bytes).toString("base64") };
  }
  if (request.tag) {
    const begun = process.cpuUsage();
    const tag = partOfSpeech(request.tag, request.at);
    const { user, system } = process.cpuUsage(begun);
    return { tag, seconds: (user + system) / 1e6 };
  }
  return { edits: editsFor(request.edits, 0, request.word, request.candidate).map(({ word, to }) => [word, to]) };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
encoder.dispose();
