import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { skip, startFrontEnd } from "./front-end.js";

test("a restart in the middle of any schedule of cells and interrupts ends the kernel, and the next knows nothing", {
  skip,
}, async () => {
  const random = createRandom("restarts");
  const cells = [
    "total += 1;",
    "await new Promise((r) => setTimeout(r, 1e6));",
    "while (true) total += 1;",
    "for (;;) console.log(total++);",
    "throw new Error('planned');",
  ];
  for (let round = 0; round < 4; round++) {
    const kernel = await startFrontEnd();
    try {
      assert.equal((await kernel.execute("total")).reply.status, "error", "nothing is known");
      assert.equal((await kernel.execute("let total = 0;")).reply.execution_count, 2);
      for (let step = 0; step < 6; step++) {
        kernel.send("execute_request", { code: cells[random.integer(cells.length)], stop_on_error: false });
        if (random.integer(2)) await new Promise((resolve) => setTimeout(resolve, random.integer(60)));
        if (random.integer(2)) kernel.send("interrupt_request", {}, { channel: "control" });
      }
      const id = kernel.send("shutdown_request", { restart: true }, { channel: "control" });
      const { content } = await kernel.reply(id);
      assert.deepEqual([content.status, content.restart], ["ok", true]);
      await kernel.until("The end", () => kernel.child.exitCode !== null);
      assert.equal(kernel.child.exitCode, 0);
    } finally {
      await kernel.close();
    }
  }
});
