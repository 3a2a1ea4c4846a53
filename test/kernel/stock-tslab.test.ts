import assert from "node:assert/strict";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";
import type { Message } from "#src/kernel/wire.js";
import { contents, skip, startFrontEnd } from "./front-end.js";

/*
 * tslab's own kernel, as npm installs it: notebooks that show by `sm.show` run there too.
 */

const notebooks: Record<string, { cells: string[]; check(outputs: Message[][]): void }> = {
  "a notebook of tables": {
    cells: [
      'import * as sm from "../dist/index.js";\nconst red = sm.adapterFromMatrix("red", [[0.5, -1]]);',
      "await sm.show(sm.mix.weightTable([red]));",
      'await sm.show([{ word: "<b>", count: 2 }], { caption: "words" });',
    ],
    check([, weights, rows]) {
      for (const outputs of [weights, rows]) {
        const [{ data }] = contents(outputs, "display_data") as { data: Record<string, string> }[];
        assert.match(data["text/html"], /<table/);
        assert.equal(typeof data["text/plain"], "string");
      }
    },
  },
  "a notebook of figures": {
    cells: [
      'import * as sm from "../dist/index.js";\nconst kept = { name: "kept", categories: ["a", "b"], values: [0.4, 0.9] };',
      'await sm.show(sm.figures.barFigure([kept], { title: "t", x: "x", y: "y" }));',
    ],
    check([, figure]) {
      const [{ data }] = contents(figure, "display_data") as { data: Record<string, unknown> }[];
      assert.ok(Array.isArray((data["application/vnd.plotly.v1+json"] as { data: unknown }).data));
      assert.match(String(data["image/svg+xml"]), /<svg/);
    },
  },
};

for (const [what, { cells, check }] of Object.entries(notebooks)) {
  test(`${what} runs on the stock tslab kernel and on this one alike`, { skip }, async () => {
    const tslab = projectPath("node_modules", "tslab", "bin", "tslab");
    const stock = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
    for (const argv of [stock, undefined]) {
      const kernel = await startFrontEnd({ cwd: projectPath("notebooks"), argv });
      try {
        const all: Message[][] = [];
        for (const code of cells) {
          const { reply, outputs } = await kernel.execute(code);
          assert.equal(reply.status, "ok", code);
          all.push(outputs);
        }
        check(all);
      } finally {
        await kernel.close();
      }
    }
  });
}
