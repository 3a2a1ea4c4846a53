import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { contents, type FrontEnd, skip, startFrontEnd } from "./front-end.js";

let kernel: FrontEnd;
before(async () => {
  if (!skip) kernel = await startFrontEnd({ cwd: projectPath("notebooks") });
});
after(() => kernel?.close());

const ask = async (type: string, content: object) => (await kernel.ask(type, content)).content;

test("kernel_info tells the protocol, TypeScript's version and where to read on", { skip }, async () => {
  const info = await ask("kernel_info_request", {});
  assert.equal(info.status, "ok");
  assert.equal(info.protocol_version, "5.4");
  const language = info.language_info as Record<string, unknown>;
  assert.deepEqual([language.name, language.version, language.file_extension], ["typescript", "5.0.4", ".ts"]);
  const links = info.help_links as { text: string; url: string }[];
  assert.ok(links.length > 0 && links.every(({ text, url }) => text !== "" && url.startsWith("https://")));
});

test("a subscriber is welcomed, as protocol 5.4 says", { skip }, async () => {
  const welcomes = kernel.published.filter(({ header }) => header.msg_type === "iopub_welcome");
  assert.deepEqual(
    welcomes.map(({ content }) => content),
    [{ subscription: "" }],
  );
});

test("code is complete, incomplete with an indent, or invalid", { skip }, async () => {
  const status = async (code: string) => (await ask("is_complete_request", { code })).status;
  const all = {
    complete: [
      "1",
      "const a = 1",
      "await f()",
      "for await (const x of y) z(x);",
      "function f(){\n return 1;\n}",
      "",
      "// words",
    ],
    incomplete: ["function f() {", "const a = [1,", "if (true) {", "const t = `open", "/* open", "f(1,", "const x ="],
    invalid: ["const = 3", ")", "let 1x = 2", "'open\n", "class { }}"],
  };
  for (const [wanted, codes] of Object.entries(all)) {
    for (const code of codes) assert.equal(await status(code), wanted, JSON.stringify(code));
  }
  const { indent } = await ask("is_complete_request", { code: "  if (x) {" });
  assert.equal(indent, "    ");
});

test("names are completed by their beginning, with kinds, after characters beyond the basic plane too", {
  skip,
}, async () => {
  await kernel.execute("const seedling = 1; const seedbed = { depth: 2 };");
  const complete = (code: string, cursor = [...code].length) => ask("complete_request", { code, cursor_pos: cursor });
  const member = await complete("Math.flo");
  assert.deepEqual(member.matches, ["floor"]);
  assert.deepEqual([member.cursor_start, member.cursor_end], [5, 8]);
  const own = await complete("seed");
  assert.deepEqual(new Set(own.matches as string[]), new Set(["seedbed", "seedling"]));
  const emoji = await complete('"😀😀"; seedbed.de');
  assert.deepEqual(emoji.matches, ["depth"]);
  assert.deepEqual([emoji.cursor_start, emoji.cursor_end], [14, 16]);
  const types = (own.metadata as Record<string, { text: string; type: string }[]>)._jupyter_types_experimental;
  assert.equal(types.find(({ text }) => text === "seedbed")?.type, "const");
  assert.deepEqual((await complete("Math.nothingLikeIt")).matches, []);
});

test("a name is described with signature and docstring, inside its call too", { skip }, async () => {
  const documented = [
    "/**",
    " * Adds two numbers.",
    " * @param a the first",
    " */",
    "function add(a: number, b: number): number { return a + b; }",
  ];
  await kernel.execute(documented.join("\n"));
  const inspect = (code: string, cursor: number) =>
    ask("inspect_request", { code, cursor_pos: cursor, detail_level: 0 });
  for (const [code, cursor] of [
    ["add", 3],
    ["add(1, ", 7],
    ["add(1, Math.abs(2))", 1],
  ] as const) {
    const { found, data } = await inspect(code, cursor);
    assert.equal(found, true, code);
    const { "text/markdown": markdown, "text/plain": plain } = data as Record<string, string>;
    assert.match(
      markdown,
      /```typescript\nfunction add\(a: number, b: number\): number\n```\n\nAdds two numbers\.\n\n- `a` the first/,
    );
    assert.match(plain, /^function add\(a: number, b: number\): number\n\nAdds two numbers\./);
  }
  assert.equal((await inspect("   ", 1)).found, false);
});

test("history is answered over the wire", { skip }, async () => {
  await kernel.execute("'remembered'");
  const { history } = await ask("history_request", { hist_access_type: "tail", n: 1, output: true, raw: true });
  assert.deepEqual((history as unknown[][])[0][2], ["'remembered'", "'remembered'"]);
});

test("comms are opened from both sides, kept, answered and closed", { skip }, async () => {
  await kernel.execute(
    [
      'const door = (globalThis as any)[Symbol.for("signmix.kernel")];',
      'door.onComm("echo", (comm: any, data: any) => {',
      "  comm.send({ hello: data.name });",
      "  comm.onMessage = (sent: any, buffers: Buffer[]) => comm.send({ echo: sent, bytes: buffers.map((b) => b.length) });",
      "});",
    ].join("\n"),
  );
  const open = kernel.send("comm_open", { comm_id: "c1", target_name: "echo", data: { name: "Ada" } });
  assert.deepEqual(contents(await kernel.outputs(open), "comm_msg"), [{ comm_id: "c1", data: { hello: "Ada" } }]);
  const sent = kernel.send("comm_msg", { comm_id: "c1", data: { n: 1 } }, { buffers: [Buffer.from([1, 2])] });
  await kernel.until("The echo", () =>
    kernel.published.some(({ content }) => "echo" in ((content.data as object) ?? {})),
  );
  assert.deepEqual(contents(await kernel.outputs(sent), "comm_msg"), [
    { comm_id: "c1", data: { echo: { n: 1 }, bytes: [2] } },
  ]);
  assert.deepEqual((await ask("comm_info_request", {})).comms, { c1: { target_name: "echo" } });
  assert.deepEqual((await ask("comm_info_request", { target_name: "other" })).comms, {});
  const unknown = kernel.send("comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
  await kernel.until("The refusal", () => kernel.published.some(({ header }) => header.msg_type === "comm_close"));
  assert.deepEqual(contents(await kernel.outputs(unknown), "comm_close"), [{ comm_id: "c2", data: {} }]);
  const own = await kernel.execute('const mine = door.openComm("mine", { a: 1 }); mine.close();');
  assert.equal(contents(own.outputs, "comm_open")[0].target_name, "mine");
  assert.equal(contents(own.outputs, "comm_close").length, 1);
  await kernel.outputs(kernel.send("comm_close", { comm_id: "c1", data: {} }));
  assert.deepEqual((await ask("comm_info_request", {})).comms, {});
});
