import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import { Budget, formatBytes, LIMITS } from "#src/files/budget.js";
import { projectPath } from "#src/files/project.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-budget-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a budget gives what it holds and not more", () => {
  const budget = new Budget("config", { bytes: 100, parts: 2, depth: 3 });
  budget.takeBytes(60, "the file");
  assert.throws(
    () => budget.takeBytes(41, "its text"),
    /its text would take 41 bytes, and a file of this kind may take 100/,
  );
  assert.throws(() => budget.takeBytes(Number.NaN, "its text"), /its text would take more bytes than can be counted/);
  budget.giveBack(60);
  budget.takeBytes(100, "the file");
  budget.takeParts(2, "its values");
  assert.throws(() => budget.takeParts(1, "its values"), /its values would be more than the 2 parts/);
  budget.checkDepth(3, "it");
  assert.throws(() => budget.checkDepth(4, "it"), /it is nested more than 3 levels deep/);
  assert.deepEqual(
    ["config", "adapter", "encoder"].map((kind) => formatBytes(LIMITS[kind as "config"].bytes)),
    ["8 MB", "256 MB", "4 GB"],
  );
});

const sound = projectPath("test", "fixtures", "reference", "peft", "lora_a");
const peft = (fields: object = {}) =>
  JSON.stringify({ ...JSON.parse(readFileSync(path.join(sound, "adapter_config.json"), "utf8")), ...fields });
const A = "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight";

/** A safetensors file of a header and so many zeros, which take no room on the disk. */
function sparse(file: string, header: string, zeros = 0): void {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  writeFileSync(file, Buffer.concat([length, Buffer.from(header)]));
  truncateSync(file, 8 + Buffer.byteLength(header) + zeros);
}

const tensor = (shape: number[], end: number, dtype = "F32") => ({ dtype, shape, data_offsets: [0, end] });

/** Little-endian fields of a zip archive: [value, bytes]. */
function fields(...values: [number, number][]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

/** A zip archive of one deflated entry that states a size. */
function archive(packed: Uint8Array, size: number): Buffer {
  const name = Buffer.from("archive/data.pkl");
  const common: [number, number][] = [
    [20, 2],
    [0, 2],
    [8, 2],
    [0, 4],
    [0, 4],
    [packed.length, 4],
    [size, 4],
    [name.length, 2],
  ];
  const local = Buffer.concat([fields([0x04034b50, 4], ...common, [0, 2]), name, packed]);
  const line = Buffer.concat([
    fields([0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [0, 4]),
    name,
  ]);
  return Buffer.concat([
    local,
    line,
    fields([0x06054b50, 4], [0, 4], [1, 2], [1, 2], [line.length, 4], [local.length, 4], [0, 2]),
  ]);
}

type Make = (at: string) => void;
const config =
  (fields: object): Make =>
  (at) =>
    writeFileSync(path.join(at, "adapter_config.json"), peft(fields));
const weights =
  (header: object | string, zeros = 0): Make =>
  (at) => {
    config({})(at);
    sparse(
      path.join(at, "adapter_model.safetensors"),
      typeof header === "string" ? header : JSON.stringify(header),
      zeros,
    );
  };
const checkpoint =
  (bytes: () => Uint8Array): Make =>
  (at) => {
    config({})(at);
    writeFileSync(path.join(at, "adapter_model.bin"), bytes());
  };
const copied =
  (fields: object): Make =>
  (at) => {
    config(fields)(at);
    writeFileSync(
      path.join(at, "adapter_model.safetensors"),
      readFileSync(path.join(sound, "adapter_model.safetensors")),
    );
  };

/** Folders that ask for more than an adapter may have, and what is said of each. */
const hostile: Record<string, [Make, RegExp]> = {
  "a tensor of 100 GB in a file without content": [
    weights({ [A]: tensor([25e9], 1e11) }, 1e11),
    /its tensors would take 93 GB/,
  ],
  "bytes that widen fourfold": [weights({ [A]: tensor([3e8], 3e8, "U8") }, 3e8), /its tensors would take 1\.1 GB/],
  "layer 100,000,000": [
    weights({ [A.replace("layer.0", "layer.100000000")]: tensor([2, 16], 128) }, 128),
    /layer 100000000|asks for a LoRA on "bert.encoder.layer.0/,
  ],
  "a head of 10⁸ classes": [
    weights(
      `{"${A}":${JSON.stringify(tensor([2, 16], 128))},"base_model.model.classifier.weight":{"dtype":"F32","shape":[100000000,0],"data_offsets":[128,128]}}`,
      128,
    ),
    /./,
  ],
  "rank 10⁹": [copied({ r: 1e9 }), /of rank 1000000000 on 2 layers of width 16 would take 477 GB; the limit is 256 MB/],
  "a header of 200,000 tensors": [
    weights(
      `{${Array.from({ length: 200_000 }, (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join(",")}}`,
    ),
    /its values would be more than the 500000 parts/,
  ],
  "a header nested a million deep": [
    weights(`{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`),
    /nested more than 64 levels/,
  ],
  "an archive that says 1 kB and unpacks to 500 MB": [
    checkpoint(() => archive(deflateRawSync(Buffer.alloc(500e6), { level: 1 }), 1000)),
    /does not unpack/,
  ],
  "an archive that unpacks to 2 GB": [
    checkpoint(() => archive(deflateRawSync(Buffer.alloc(1e6)), 2e9)),
    /would unfold to 1\.9 GB/,
  ],
  "a configuration of 100 MB": [
    (at) => writeFileSync(path.join(at, "adapter_config.json"), Buffer.alloc(1e8, 0x20)),
    /may take 8 MB/,
  ],
};
if (process.platform !== "win32") {
  hostile["a pipe"] = [(at) => spawnSync("mkfifo", [path.join(at, "adapter_config.json")]), /it is a pipe, not a file/];
  hostile["/dev/zero"] = [
    (at) => symlinkSync("/dev/zero", path.join(at, "adapter_config.json")),
    /it is a device, not a file/,
  ];
}

const program = `
  import { importAdapter } from ${JSON.stringify(pathToFileURL(projectPath("dist", "adapters", "folder.js")).href)};
  const before = process.resourceUsage().maxRSS;
  let message = "it was read";
  try { importAdapter(process.argv[1]); } catch (error) { message = error.message; }
  console.log(JSON.stringify({ message, kilobytes: process.resourceUsage().maxRSS - before }));`;

for (const [what, [make, expected]] of Object.entries(hostile)) {
  test(`${what}: refused by a stated limit, below 500 MB`, () => {
    const at = path.join(folder, what.replace(/\W+/g, "-"));
    mkdirSync(at);
    make(at);
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", program, at], {
      encoding: "utf8",
      timeout: 60_000,
    });
    assert.equal(child.status, 0, child.stderr || `${child.signal}`);
    const { message, kilobytes } = JSON.parse(child.stdout);
    assert.match(message, expected);
    assert.ok(message.includes(at), message);
    assert.ok(message.length < 600, "a message fits a screen");
    assert.ok(kilobytes < 500_000, `${kilobytes} kB`);
    rmSync(at, { recursive: true });
  });
}
