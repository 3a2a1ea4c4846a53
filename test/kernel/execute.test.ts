import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import type { Message } from "#src/kernel/wire.js";
import { contents, type FrontEnd, skip, startFrontEnd, text } from "./front-end.js";

let kernel: FrontEnd;
before(async () => {
  if (!skip) kernel = await startFrontEnd({ cwd: projectPath("notebooks") });
});
after(() => kernel?.close());

const result = (outputs: readonly Message[]) => contents(outputs, "execute_result")[0]?.data as Record<string, string>;
const error = (outputs: readonly Message[]) => {
  const [one] = contents(outputs, "error") as { ename: string; evalue: string; traceback: string[] }[];
  return one && { ...one, text: one.traceback.join("\n") };
};

test("a last expression is a result with the cell's number; undefined shows nothing, null shows", {
  skip,
}, async () => {
  const { reply, outputs } = await kernel.execute("const four = 4;\nfour + 1");
  assert.equal(reply.status, "ok");
  assert.equal(typeof reply.execution_count, "number");
  assert.deepEqual(contents(outputs, "execute_result"), [
    { execution_count: reply.execution_count, data: { "text/plain": "5" }, metadata: {} },
  ]);
  assert.deepEqual((await kernel.execute("undefined")).outputs, []);
  assert.deepEqual((await kernel.execute("const quiet = 1;")).outputs, []);
  assert.deepEqual(result((await kernel.execute("null")).outputs), { "text/plain": "null" });
  assert.deepEqual(result((await kernel.execute("'text'")).outputs), { "text/plain": "'text'" });
  assert.deepEqual(result((await kernel.execute("Promise.resolve(3)")).outputs), { "text/plain": "Promise { 3 }" });
});

test("a value's own display method makes its bundle, text added, bytes encoded; its failure is the cell's", {
  skip,
}, async () => {
  const shown = (body: string) => kernel.execute(`({ [Symbol.for("Jupyter.display")]: ${body} })`);
  const { outputs } = await shown('async () => ({ "text/html": "<b>x</b>", "image/png": new Uint8Array([1, 2, 3]) })');
  assert.equal(result(outputs)["text/html"], "<b>x</b>");
  assert.equal(result(outputs)["image/png"], "AQID");
  assert.match(result(outputs)["text/plain"], /Jupyter\.display/);
  const failing = await shown("() => { throw new Error('no picture'); }");
  assert.equal(failing.reply.status, "error");
  assert.equal(error(failing.outputs).evalue, "no picture");
  assert.match(error((await shown("() => 3")).outputs).evalue, /must give an object of MIME types/);
});

test("tables of arquero and danfojs come as HTML, escaped, and as text", { skip }, async () => {
  const arquero = await kernel.execute(
    'import { table } from "arquero";\ntable({ "n<": [1, 2.5], name: ["<script>", "b"] })',
  );
  assert.match(result(arquero.outputs)["text/html"], /<th style="text-align:right">n&#60;<\/th>/);
  assert.match(result(arquero.outputs)["text/html"], /&#60;script&#62;/);
  assert.equal(result(arquero.outputs)["text/plain"], " n<  name\n---  --------\n  1  <script>\n2.5  b");
  const long = await kernel.execute("table({ n: Array.from({ length: 100 }, (_, at) => at) })");
  assert.match(result(long.outputs)["text/html"], /… and 60 more rows/);
  const danfo = await kernel.execute(
    'import { DataFrame } from "danfojs-node";\nnew DataFrame([[1, "x"], [2, "<y>"]], { columns: ["a", "b"] })',
  );
  assert.match(result(danfo.outputs)["text/html"], /<td style="text-align:left">&#60;y&#62;<\/td>/);
});

test("a figure as the last line shows itself: plotly's JSON, a static picture and words; so do tables", {
  skip,
}, async () => {
  const { outputs } = await kernel.execute(
    [
      'import * as sm from "../dist/index.js";',
      'const kept = { name: "kept", categories: ["a", "b"], values: [0.4, 0.9] };',
      'sm.figures.barFigure([kept], { title: "Kept", x: "domain", y: "share" })',
    ].join("\n"),
  );
  const bundle = result(outputs) as Record<string, unknown>;
  const json = bundle["application/vnd.plotly.v1+json"] as { data: { type: string; y: number[] }[] };
  assert.deepEqual([json.data[0].type, json.data[0].y], ["bar", [0.4, 0.9]]);
  assert.match(String(bundle["image/svg+xml"]), /^<svg[\s\S]*Kept[\s\S]*<\/svg>\s*$/);
  assert.match(String(bundle["text/plain"]), /Kept/);
  const plain = await kernel.execute('({ data: [{ type: "bar", x: ["a"], y: [1] }], layout: {} })');
  assert.match(String(result(plain.outputs)["image/svg+xml"]), /<svg/);
  const alike = await kernel.execute('({ data: [{ type: "no such trace" }], layout: { width: -1 } })');
  assert.equal(alike.reply.status, "ok");
  const table = await kernel.execute('import { table as arquero } from "arquero";\narquero({ n: [1] })');
  assert.match(result(table.outputs)["text/html"], /<table/);
  kernel.answerWith("Ada");
  assert.equal(result((await kernel.execute('await sm.ask("Name? ")')).outputs)["text/plain"], "'Ada'");
});

test("displays are shown, replaced and cleared, through tslab's functions and the kernel's own", { skip }, async () => {
  const { outputs } = await kernel.execute(
    [
      'import * as tslab from "tslab";',
      'tslab.display.html("<b>x</b>");',
      "const display = tslab.newDisplay();",
      'display.text("one"); display.text("two");',
      'const door = (globalThis as any)[Symbol.for("signmix.kernel")];',
      'door.display({ "text/plain": "three" }, { id: "mine" });',
      'door.update({ "text/plain": "four" }, "mine");',
      "door.clear(true);",
    ].join("\n"),
  );
  const data = (type: string) => contents(outputs, type).map((content) => content.data);
  assert.deepEqual(data("display_data"), [
    { "text/html": "<b>x</b>" },
    { "text/plain": "one" },
    { "text/plain": "three" },
  ]);
  assert.deepEqual(data("update_display_data"), [{ "text/plain": "two" }, { "text/plain": "four" }]);
  const [, first] = contents(outputs, "display_data");
  const [second] = contents(outputs, "update_display_data");
  assert.deepEqual(first.transient, second.transient);
  assert.deepEqual(contents(outputs, "clear_output"), [{ wait: true }]);
});

test("an error names cell, line and column, shows the line with a caret, its causes, and only the reader's frames", {
  skip,
}, async () => {
  const defined = await kernel.execute(
    "interface Gone { a: string }\n\nfunction check(x: number): number {\n  if (x > 1) throw new RangeError('too much');\n  return x;\n}",
  );
  const { reply, outputs } = await kernel.execute(
    "const start = 2;\ntry {\n  check(start);\n} catch (error) {\n  throw new Error('outer', { cause: error });\n}",
  );
  const [first, second] = [defined.reply.execution_count, reply.execution_count];
  assert.equal(reply.status, "error");
  assert.deepEqual([reply.ename, reply.evalue], ["Error", "outer"]);
  assert.equal(contents(outputs, "error").length, 1);
  assert.equal(
    error(outputs).text,
    [
      "Error: outer",
      `  cell ${second}:5:9`,
      "    5 |   throw new Error('outer', { cause: error });",
      "      |         ^",
      "caused by RangeError: too much",
      `  cell ${first}:4:20 in check`,
      "    4 |   if (x > 1) throw new RangeError('too much');",
      "      |                    ^",
      `  cell ${second}:3:3`,
      "    3 |   check(start);",
      "      |   ^",
    ].join("\n"),
  );
});

test("SIGNMIX_DEBUG shows every frame, Node's and the kernel's too", { skip }, async (t) => {
  const debugging = await startFrontEnd({ env: { SIGNMIX_DEBUG: "1" } });
  t.after(() => debugging.close());
  const code = "[1].forEach(() => {\n  throw new Error('deep');\n});";
  const all = error((await debugging.execute(code)).outputs).text;
  assert.match(all, /cell 1:2:9/);
  assert.match(all, /at [\s\S]*dist[\\/]kernel[\\/]session/);
  assert.match(all, /tslab[\\/]dist/);
  const own = error((await kernel.execute(code)).outputs).text;
  assert.doesNotMatch(own, /dist|node:/);
});

test("whatever is thrown is told, hostile errors too", { skip }, async () => {
  const of = async (code: string) => error((await kernel.execute(code)).outputs);
  assert.deepEqual((await of("throw 'words'")).traceback, ["Thrown: 'words'"]);
  assert.equal((await of("throw undefined")).ename, "Thrown");
  assert.equal((await of("throw Object.create(null)")).ename, "Thrown");
  const hostile = "class Hostile extends Error { get message(): string { throw 1; } }\nthrow new Hostile();";
  assert.equal((await of(hostile)).ename, "Error");
  const circle = "const round: any = new Error('round');\nround.cause = round;\nthrow round;";
  assert.equal((await of(circle)).evalue, "round");
  const several = await of("throw new AggregateError([new Error('a'), new Error('b')], 'both')");
  assert.match(several.text, /one of them: Error: a[\s\S]*one of them: Error: b/);
  assert.equal((await kernel.execute("7")).reply.status, "ok");
});

test("type errors come with code, place and TypeScript's own hint, all of them; nothing of the cell runs", {
  skip,
}, async () => {
  const { reply, outputs } = await kernel.execute(
    "console.log('never');\nconst words: string = 3;\nMath.flor(2);\n({ a: { b: 1 } }) as { a: { b: string } };",
  );
  const { ename, evalue, text: told } = error(outputs);
  assert.equal(ename, "TypeCheckError");
  assert.equal(evalue, "TS2322: Type 'number' is not assignable to type 'string'. (and 2 more)");
  const cell = reply.execution_count;
  assert.match(
    told,
    new RegExp(`cell ${cell}:2:7 - TS2322: .*\\n {4}2 \\| const words: string = 3;\\n.*\\| {7}\\^{5}\\n`),
  );
  assert.match(told, new RegExp(`cell ${cell}:3:6 - TS2551: .*Did you mean 'floor'\\?`));
  assert.match(told, /TS2352: [\s\S]*Type 'number' is not comparable to type 'string'/);
  assert.equal(text(outputs), "");
  const syntax = await kernel.execute("const = 3");
  assert.equal(error(syntax.outputs).ename, "SyntaxError");
});

test("short properties and every form of await work, with types", { skip }, async () => {
  const cells = [
    "const seed = 3; let other = 0; const later = async <T>(x: T) => x;",
    "const x: number = await (later(1));\nconst [a, b] = await [1, 2];\nconst { c } = await (later({ c: 5 }));",
    "for await (const v of [later(1), 2]) console.log(v, { seed, x, a, c });",
    "({ seed: other } = { seed }); ({ other } = { other: other + 1 }); await later(other)",
  ];
  const all = [];
  for (const code of cells) all.push(await kernel.execute(code));
  assert.deepEqual(
    all.map(({ reply }) => reply.status),
    ["ok", "ok", "ok", "ok"],
  );
  assert.equal(text(all[2].outputs), "1 { seed: 3, x: 1, a: 1, c: 5 }\n2 { seed: 3, x: 1, a: 1, c: 5 }\n");
  assert.equal(result(all[3].outputs)["text/plain"], "4");
  const inner = await kernel.execute("function wrong() { await later(1); }");
  assert.match(error(inner.outputs).evalue, /TS1308/);
});

test("an error of a cell that has ended is told under that cell, and ends nothing", { skip }, async () => {
  const begun = performance.now();
  const parents = () => kernel.published.filter(({ header }) => header.msg_type === "error");
  const known = parents().length;
  const id = kernel.send("execute_request", { code: "setTimeout(() => {\n  throw new Error('late');\n}, 300);" });
  await kernel.outputs(id);
  const promise =
    "void (async () => {\n  await new Promise((r) => setTimeout(r, 300));\n  throw new Error('nobody');\n})();";
  const other = kernel.send("execute_request", { code: promise });
  await kernel.outputs(other);
  const { reply } = await kernel.execute("await new Promise((r) => setTimeout(r, 600)); 'on'");
  assert.equal(reply.status, "ok");
  await kernel.until("Both errors", () => parents().length === known + 2);
  const told = parents().slice(known);
  assert.deepEqual(
    told.map(({ parent, content }) => [parent.msg_id, content.evalue]),
    [
      [id, "late"],
      [other, "nobody"],
    ],
  );
  assert.match((told[0].content.traceback as string[]).join("\n"), /cell \d+:2:9\n {4}2 \| {3}throw new Error/);
  assert.ok(performance.now() > begun);
});

test("a promise that a cell left to fail is that cell's error; one that is handled in time is none", {
  skip,
}, async () => {
  const { reply, outputs } = await kernel.execute("const failed = Promise.reject(new Error('left')); 1;");
  assert.equal(reply.status, "error");
  assert.equal(error(outputs).evalue, "left");
  const handled = await kernel.execute(
    "const soon = Promise.reject(new Error('caught'));\nawait new Promise((r) => setTimeout(r, 50));\nawait soon.catch(() => 'handled')",
  );
  assert.equal(handled.reply.status, "ok");
  assert.deepEqual(contents(handled.outputs, "error"), []);
});

test("output of callbacks goes to the cell that began them", { skip }, async () => {
  const id = kernel.send("execute_request", { code: "setTimeout(() => console.log('from the first'), 200); 0;" });
  await kernel.outputs(id);
  const { outputs } = await kernel.execute("await new Promise((r) => setTimeout(r, 500)); console.log('second');");
  assert.equal(text(outputs), "second\n");
  assert.equal(text(await kernel.outputs(id)), "from the first\n");
});

test("prints arrive whole and in the order in which they were made, on both streams and with displays between", {
  skip,
}, async () => {
  const { outputs } = await kernel.execute(
    [
      'import { display } from "tslab";',
      "for (let n = 0; n < 12_000; n++) {",
      "  if (n % 1000 === 999) display.text(String(n));",
      "  else if (n % 7 === 0) console.error(n);",
      "  else console.log(n);",
      "  if (n % 500 === 0) await new Promise((r) => setTimeout(r, 1));",
      "}",
    ].join("\n"),
  );
  const seen = outputs.flatMap(({ header, content }) =>
    header.msg_type === "stream"
      ? String(content.text).trimEnd().split("\n").map(Number)
      : [Number((content.data as Record<string, string>)["text/plain"])],
  );
  assert.deepEqual(
    seen,
    Array.from({ length: 12_000 }, (_, n) => n),
  );
});

test("a cell of 100,000 lines ends, cut with a note, and the next cell runs", { skip }, async () => {
  const { reply, outputs } = await kernel.execute("for (let n = 0; n < 100_000; n++) console.log('line ' + n);");
  assert.equal(reply.status, "ok");
  const all = text(outputs);
  assert.match(all, /^line 0\n/);
  assert.match(all, /line 49999\n\[output cut after 50,000 lines\]\n\[50,000 lines are left out/);
  assert.equal(text((await kernel.execute("console.log('next')")).outputs), "next\n");
});

test("what programs and native code write to descriptors 1 and 2 belongs to the cell", { skip }, async () => {
  const { outputs } = await kernel.execute(
    [
      'import { writeSync } from "node:fs";',
      'import { spawnSync } from "node:child_process";',
      'writeSync(1, "native out \\u00e4\\n");',
      'writeSync(2, "native err\\n");',
      'const ran = spawnSync("node", ["-e", "console.log(6*7)"], { stdio: "inherit" });',
    ].join("\n"),
  );
  assert.equal(text(outputs, "stdout"), "native out ä\n42\n");
  assert.equal(text(outputs, "stderr"), "native err\n");
});

/** A field of a protocol buffer: a number, or bytes of a known length. */
const field = (number: number, value: number | Buffer) =>
  typeof value === "number"
    ? Buffer.from([8 * number, value])
    : Buffer.concat([Buffer.from([8 * number + 2, value.length]), value]);
const message = (...fields: [number, number | string | Buffer][]) =>
  Buffer.concat(fields.map(([number, value]) => field(number, typeof value === "string" ? Buffer.from(value) : value)));

/** An ONNX model of one float that gives what it takes. */
function identityModel(): Buffer {
  const type = message([1, message([1, 1], [2, message([1, message([1, 1])])])]);
  const node = message([1, "x"], [2, "y"], [4, "Identity"]);
  const graph = message([1, node], [2, "g"], [11, message([1, "x"], [2, type])], [12, message([1, "y"], [2, type])]);
  return message([1, 8], [7, graph], [8, message([1, ""], [2, 13])]);
}

test("what a native library writes by itself is caught", { skip }, async () => {
  const { outputs } = await kernel.execute(
    [
      'import * as ort from "onnxruntime-node";',
      "const options = { logSeverityLevel: 0 as const, logVerbosityLevel: 1 };",
      "const model = new Uint8Array(MODEL);",
      "const session = await ort.InferenceSession.create(model, options);",
    ]
      .join("\n")
      .replace("MODEL", JSON.stringify([...identityModel()])),
  );
  assert.match(text(outputs, "stderr"), /onnxruntime/);
});

test("silent code shows nothing and is not counted; code without history is not counted", { skip }, async () => {
  const count = (await kernel.execute("1")).reply.execution_count as number;
  const silent = await kernel.execute("console.log('x'); const hidden = 9; hidden", { silent: true });
  assert.deepEqual(silent.outputs, []);
  assert.equal(silent.reply.status, "ok");
  const inputs = () => kernel.published.filter(({ header }) => header.msg_type === "execute_input").length;
  const known = inputs();
  assert.equal((await kernel.execute("throw new Error('quiet')", { silent: true })).reply.ename, "Error");
  assert.equal(inputs(), known);
  const unstored = await kernel.execute("hidden + 1", { store_history: false });
  assert.equal(result(unstored.outputs)["text/plain"], "10");
  assert.equal(unstored.reply.execution_count, count);
  assert.equal((await kernel.execute("1")).reply.execution_count, count + 1);
});

test("user expressions are answered one by one, the wrong ones with their error", { skip }, async () => {
  const { reply } = await kernel.execute("const sum = 40;", {
    user_expressions: { good: "sum + 2", bad: "nothing.here" },
  });
  const { good, bad } = reply.user_expressions as Record<string, Record<string, unknown>>;
  assert.deepEqual(good, { status: "ok", data: { "text/plain": "42" }, metadata: {} });
  assert.equal(bad.status, "error");
  assert.match(String(bad.evalue), /TS2304/);
  const failed = await kernel.execute("throw new Error('x')", { user_expressions: { good: "1" } });
  assert.deepEqual(failed.reply.user_expressions, {});
});

test("stop_on_error aborts what is queued, and only that; without it the queue goes on", { skip }, async () => {
  const send = (code: string, more = {}) => kernel.send("execute_request", { code, store_history: true, ...more });
  const failing = "await new Promise((r) => setTimeout(r, 200)); throw new Error('stop');";
  const statuses = async (ids: string[]) => {
    const replies = [];
    for (const id of ids) replies.push((await kernel.reply(id)).content.status);
    return replies;
  };
  const info = kernel.send("kernel_info_request", {});
  const stopped = [send(failing), send("1"), send("2")];
  assert.deepEqual(await statuses([...stopped, info]), ["error", "aborted", "aborted", "ok"]);
  assert.equal((await kernel.execute("3")).reply.status, "ok", "what is asked for afterwards runs at once");
  const going = [send(failing, { stop_on_error: false }), send("4")];
  assert.deepEqual(await statuses(going), ["error", "ok"]);
});

test("the reader is asked for a line; a front end without input refuses with a sentence", { skip }, async () => {
  kernel.answerWith("Ada");
  const ask = 'await (globalThis as any)[Symbol.for("signmix.kernel")].ask("Name? ", { password: true })';
  const { outputs } = await kernel.execute(ask);
  assert.equal(result(outputs)["text/plain"], "'Ada'");
  assert.deepEqual(kernel.asked.at(-1)?.content, { prompt: "Name? ", password: true });
  const refused = await kernel.execute(ask, { allow_stdin: false });
  assert.match(error(refused.outputs).evalue, /takes no input/);
});
