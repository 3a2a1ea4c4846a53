import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A hub on this machine that serves one folder as "owner/name", and fails on request. */
export class HubServer {
  /** Paths asked for, with their Range where one was given. */
  readonly requests: string[] = [];
  /** Cuts the connection of each of the next files after so many bytes; undefined lets one through. */
  cuts: (number | undefined)[] = [];
  /** Statuses with which the next requests are refused; 0 lets one through. */
  refusals: number[] = [];
  /** Changes the hub's answer about its files. */
  edit: (files: Record<string, unknown>[]) => void = () => {};
  /** Whether Range is understood. */
  ranges = true;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    private readonly kind: "models" | "datasets",
    readonly endpoint: string,
  ) {}

  static async start(folder: string, kind: "models" | "datasets" = "models"): Promise<HubServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const hub = new HubServer(server, folder, kind, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (request, response) => hub.answer(request, response));
    return hub;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? "").split("?")[0]);
    const { range } = request.headers;
    this.requests.push(range ? `${path} ${range}` : path);
    const refusal = this.refusals.shift();
    if (refusal) {
      response.writeHead(refusal).end("no");
      return;
    }
    const prefix = this.kind === "models" ? "" : "/datasets";
    const resolve = `${prefix}/owner/name/resolve/${COMMIT}/`;
    if (path === `/api/${this.kind}/owner/name/revision/main`) {
      response.end(JSON.stringify({ sha: COMMIT, siblings: this.list() }));
    } else if (path.startsWith(resolve)) {
      this.send(readFileSync(join(this.folder, path.slice(resolve.length))), range, response);
    } else {
      response.writeHead(404).end("not found");
    }
  }

  private send(content: Buffer, range: string | undefined, response: ServerResponse): void {
    const start = this.ranges && range ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0;
    if (start > 0) {
      response.setHeader("Content-Range", `bytes ${start}-${content.length - 1}/${content.length}`);
      response.statusCode = 206;
    }
    response.setHeader("Content-Length", content.length - start);
    const cut = this.cuts.shift();
    if (cut === undefined) response.end(content.subarray(start));
    else response.write(content.subarray(start, start + cut), () => setTimeout(() => response.destroy(), 20));
  }

  private list(): Record<string, unknown>[] {
    const names = readdirSync(this.folder, { recursive: true, encoding: "utf8" });
    const files = names
      .filter((name) => statSync(join(this.folder, name)).isFile())
      .map((name) => {
        const content = readFileSync(join(this.folder, name));
        const blobId = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
        const large = name.endsWith(".safetensors");
        const sha256 = createHash("sha256").update(content).digest("hex");
        const lfs = large ? { lfs: { sha256, size: content.length, pointerSize: 132 } } : {};
        return { rfilename: name.replaceAll("\\", "/"), size: content.length, blobId, ...lfs };
      });
    this.edit(files);
    return files;
  }
}

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
