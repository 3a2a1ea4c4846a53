import { existsSync } from "node:fs";
import { startupSnapshot } from "node:v8";
import { projectPath } from "../../files/project.js";
import { readLines } from "../read-lines.js";
import { writeWhole } from "../write-whole.js";
import { answerPipe, type CompilerAnswer, type CompilerRequest } from "./protocol.js";
import { createService, type Service } from "./service.js";
import { areFresh, keepDeclarations, takenFiles } from "./source-files.js";

/*
 * The compiler's process. The session starts it, and it ends with the session.
 */

function serve(): void {
  const service = readyHere() ?? createService();
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

/** A service that waits for the first cell of a folder's notebooks. */
interface Ready {
  folder: string;
  /** the declarations that it has taken */
  files: readonly string[];
  service: Service;
}

/** Of the project's own notebooks, as a snapshot holds it; another folder's service is made when it is asked for. */
let ready: Ready | undefined;

/** The service that is ready, where this is its folder, with the declarations that it has taken and no packages of its own. */
function readyHere(): Service | undefined {
  if (ready?.folder !== process.cwd() || existsSync("node_modules") || !areFresh(ready.files)) return undefined;
  return ready.service;
}

/** What notebooks import, all of whose types a snapshot holds. */
const imported = ["signmix", "@tensorflow/tfjs", "arquero", "danfojs-node", "plotly.js", "node:fs"];

function parseDeclarations(): void {
  process.chdir(projectPath());
  const code = imported.map((name, at) => `import * as module${at} from ${JSON.stringify(name)};`).join("\n");
  createService().answer({ type: "convert", declarations: "", code, label: "code" });
}

function makeReady(): void {
  const folder = projectPath("notebooks");
  if (!existsSync(folder)) return; // a copy of the package without them
  process.chdir(folder);
  const service = createService();
  service.answer({ type: "convert", declarations: "", code: "1", label: "code" });
  service.prepare();
  ready = { folder, files: takenFiles(), service };
}

if (startupSnapshot.isBuildingSnapshot()) {
  keepDeclarations(parseDeclarations);
  makeReady();
  startupSnapshot.setDeserializeMainFunction(serve);
} else serve();
