import { startupSnapshot } from "node:v8";
import { projectPath } from "../../files/project.js";
import { readLines } from "../read-lines.js";
import { writeWhole } from "../write-whole.js";
import { answerPipe, type CompilerAnswer, type CompilerRequest } from "./protocol.js";
import { createService } from "./service.js";
import { keepDeclarations } from "./source-files.js";

/*
 * The compiler's process. The session starts it, and it ends with the session.
 */

function serve(): void {
  const service = createService();
  function prepare(): void {
    try {
      service.prepare();
    } catch {
      // what TypeScript fails of is told to the cell that needs it
    }
  }
  function take({ id, ...query }: CompilerRequest): void {
    let answer: CompilerAnswer;
    try {
      answer = { id, content: service.answer(query) };
    } catch (error) {
      answer = { id, thrown: (error as Error).message };
    }
    writeWhole(answerPipe, `${JSON.stringify(answer)}\n`);
    setImmediate(prepare);
  }
  readLines(process.stdin, (line) => take(JSON.parse(line)));
  const end = () => process.kill(process.pid, "SIGKILL"); // watched files would keep it
  process.stdin.on("error", end).on("close", end);
}

/** What notebooks import, all of whose types a snapshot holds. */
const imported = ["signmix", "@tensorflow/tfjs", "arquero", "danfojs-node", "plotly.js", "node:fs"];

function parseDeclarations(): void {
  process.chdir(projectPath());
  const code = imported.map((name, at) => `import * as module${at} from ${JSON.stringify(name)};`).join("\n");
  createService().answer({ type: "convert", declarations: "", code, label: "code" });
}

if (startupSnapshot.isBuildingSnapshot()) {
  keepDeclarations(parseDeclarations);
  startupSnapshot.setDeserializeMainFunction(serve);
} else serve();
