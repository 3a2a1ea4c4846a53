import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";

const python = process.env.SIGNMIX_PAPERMILL_PYTHON || process.env.SIGNMIX_TORCH_PYTHON || "python3";
const has = spawnSync(python, ["-c", "import papermill"]).status === 0;
const skip = has ? false : "needs Python with papermill: SIGNMIX_PAPERMILL_PYTHON names one";

test("papermill writes and reads the parameters of a TypeScript notebook", { skip }, () => {
  const program = `
import json, signmix_papermill
from papermill.translators import papermill_translators
for kernel, language in (("tslab", ""), ("mine", "typescript")):
    translator = papermill_translators.find_translator(kernel, language)
given = {"profile": "smoke", "fresh": False, "sizes": [2, 3], "text": 'a "b" é', "none": None}
cell = {"source": 'const profile = "classroom"; // "smoke" or another\\nconst n: number = 3;\\nstudy.open()'}
read = [[one.name, one.inferred_type_name, one.default, one.help] for one in translator.inspect(cell)]
print(json.dumps([translator.codify(given), read]))`;
  const env = { ...process.env, PYTHONPATH: projectPath("environment", "papermill"), PYTHONDONTWRITEBYTECODE: "1" };
  const { status, stdout, stderr } = spawnSync(python, ["-c", program], { encoding: "utf8", env });
  assert.equal(status, 0, stderr);
  const [written, read] = JSON.parse(stdout) as [string, string[][]];
  assert.equal(
    written,
    '// Parameters\nconst profile = "smoke";\nconst fresh = false;\nconst sizes = [2, 3];\nconst text = "a \\"b\\" \\u00e9";\nconst none = null;\n',
  );
  assert.deepEqual(read, [
    ["profile", "None", '"classroom"', '"smoke" or another'],
    ["n", "number", "3", ""],
  ]);
});
