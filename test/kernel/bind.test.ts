import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { readConnection } from "#src/kernel/connection.js";
import { openSockets } from "#src/kernel/sockets.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-bind-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a port that is taken for a moment is waited for", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  const file = path.join(folder, "kernel.json");
  const ports = { shell_port: port, iopub_port: 0, stdin_port: 0, control_port: 0, hb_port: 0 };
  const rest = { ip: "127.0.0.1", transport: "tcp", key: "", signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify({ ...ports, ...rest }));
  setTimeout(() => other.close(), 300);
  const begun = performance.now();
  const sockets = await openSockets(readConnection(file), file, "bind", () => {});
  assert.ok(performance.now() - begun > 200, "bound while another had the port");
  await sockets.close();
});
