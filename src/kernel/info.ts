import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { projectPath } from "../files/project.js";
import { protocolVersion } from "./wire.js";

const require = createRequire(import.meta.url);

function versionIn(file: string): string {
  return JSON.parse(readFileSync(file, "utf8")).version;
}

/** The content of `kernel_info_reply`: TypeScript's version is that of the compiler, not loaded for it. */
export function kernelInfo(): object {
  const tslab = createRequire(require.resolve("tslab/dist/converter.js"));
  const typescript = versionIn(tslab.resolve("@tslab/typescript-for-tslab/package.json"));
  const version = versionIn(projectPath("package.json"));
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "signmix",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // JupyterLab reads the mode, the classic notebook the name and the flag.
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `signmix ${version}: TypeScript ${typescript} (tslab) on Node.js ${process.versions.node}`,
    debugger: false,
    supported_features: [],
    help_links: [
      { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
      { text: "TypeScript in notebooks: tslab", url: "https://github.com/yunabe/tslab" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest-v20.x/api/" },
      { text: "Arquero", url: "https://idl.uw.edu/arquero/" },
      { text: "danfo.js", url: "https://danfo.jsdata.org/api-reference" },
      { text: "Plotly figures", url: "https://plotly.com/javascript/reference/" },
    ],
  };
}
