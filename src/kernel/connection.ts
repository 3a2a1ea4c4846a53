import { writeFileAtomic } from "../files/atomic.js";
import { readJsonObject } from "../files/json.js";
import type { Signing } from "./wire.js";

/** The five sockets of a kernel, by the names that connection files give them. */
export const channels = ["shell", "control", "stdin", "iopub", "hb"] as const;
export type Channel = (typeof channels)[number];

/** What a Jupyter connection file says. */
export interface Connection {
  /** the address to listen on; this machine alone unless the file says otherwise */
  ip: string;
  transport: "tcp" | "ipc";
  signing: Signing;
  /** port of each socket; 0 where the kernel may choose */
  ports: Record<Channel, number>;
}

/**
 * Reads a connection file.
 * @throws if it is missing, no JSON, or asks for something that this kernel does not have
 */
export function readConnection(file: string): Connection {
  const stored = readJsonObject(file);
  const { ip = "127.0.0.1", transport = "tcp", key = "", signature_scheme = "hmac-sha256" } = stored;
  const hash = /^hmac-(\w+)$/.exec(String(signature_scheme || "hmac-sha256"))?.[1];
  if (!hash) throw new Error(`The connection file asks for the signature "${signature_scheme}"; known is hmac-sha256.`);
  if (transport !== "tcp" && transport !== "ipc") {
    throw new Error(`The connection file asks for the transport "${transport}"; known are tcp and ipc.`);
  }
  const ports = Object.fromEntries(
    channels.map((channel) => {
      const port = stored[`${channel}_port`] ?? 0;
      if (typeof port !== "number" || !Number.isInteger(port) || port < 0 || port > 65535) {
        throw new Error(`The connection file's ${channel}_port is no port: ${JSON.stringify(port)}.`);
      }
      return [channel, port];
    }),
  ) as Record<Channel, number>;
  return { ip: String(ip), transport, signing: { key: String(key), hash }, ports };
}

/** The address that a socket binds to. */
export function addressOf({ transport, ip, ports }: Connection, channel: Channel): string {
  if (transport === "ipc") return `ipc://${ip}-${ports[channel]}`;
  return `tcp://${ip}:${ports[channel] || "*"}`;
}

/** Writes the ports that the kernel chose back into the file, where its front end reads them. */
export function recordPorts(file: string, ports: Record<Channel, number>): void {
  const stored = readJsonObject(file);
  for (const channel of channels) stored[`${channel}_port`] = ports[channel];
  writeFileAtomic(file, `${JSON.stringify(stored, null, 2)}\n`);
}
