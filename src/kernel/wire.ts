import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/*
 * The Jupyter wire protocol, version 5.4 (jupyter-client.readthedocs.io, "Messaging in Jupyter"): a message is
 * [identities…, "<IDS|MSG>", signature, header, parent header, metadata, content, buffers…], the middle four as JSON, the
 * signature their HMAC under the connection's key.
 */

export const protocolVersion = "5.4";

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

export interface Message {
  header: Header;
  parent: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  /** routing frames before the delimiter: who sent it, or its topic */
  identities?: Buffer[];
  /** raw frames after the content, as comms send them */
  buffers?: Buffer[];
}

/** How a connection signs: the key of its file, and the hash, sha256 unless the file says otherwise. */
export interface Signing {
  key: string;
  hash?: string;
}

const delimiter = Buffer.from("<IDS|MSG>");

function sign({ key, hash = "sha256" }: Signing, frames: readonly Buffer[]): Buffer {
  if (key === "") return Buffer.alloc(0); // an empty key turns signing off
  const hmac = createHmac(hash, key);
  for (const frame of frames) hmac.update(frame);
  return Buffer.from(hmac.digest("hex"));
}

/** A header of this moment. */
export function createHeader(type: string, session: string, username = "signmix"): Header {
  return {
    msg_id: randomBytes(16).toString("hex"),
    msg_type: type,
    session,
    username,
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}

/** A request of one type in a session, ready for {@link encode}. */
export function request(type: string, content: Record<string, unknown>, session: string): Message {
  return { header: createHeader(type, session), parent: {}, metadata: {}, content };
}

/** The frames of a message, signed. */
export function encode(message: Message, signing: Signing): Buffer[] {
  const parts = [message.header, message.parent, message.metadata, message.content];
  const frames = parts.map((part) => Buffer.from(JSON.stringify(part)));
  return [...(message.identities ?? []), delimiter, sign(signing, frames), ...frames, ...(message.buffers ?? [])];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(frame: Buffer, part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    throw new Error(`its ${part} is not JSON`);
  }
  if (!isObject(value)) throw new Error(`its ${part} is not an object`);
  return value;
}

/**
 * Reads the frames of a message.
 * @throws if a frame is missing, the signature is wrong, or a part is not what the protocol says; the error says which
 */
export function decode(frames: readonly Buffer[], signing: Signing): Message {
  const at = frames.findIndex((frame) => frame.equals(delimiter));
  if (at < 0) throw new Error("it has no delimiter <IDS|MSG>");
  if (frames.length < at + 6) throw new Error("it has too few frames");
  const signature = frames[at + 1];
  const body = frames.slice(at + 2, at + 6);
  const wanted = sign(signing, body);
  if (signing.key !== "" && (signature.length !== wanted.length || !timingSafeEqual(signature, wanted))) {
    throw new Error("its signature is wrong");
  }
  const header = parsed(body[0], "header");
  if (typeof header.msg_type !== "string" || typeof header.msg_id !== "string") {
    throw new Error("its header lacks msg_type or msg_id");
  }
  return {
    header: header as unknown as Header,
    parent: parsed(body[1], "parent header") as Partial<Header>,
    metadata: parsed(body[2], "metadata"),
    content: parsed(body[3], "content"),
    identities: frames.slice(0, at),
    buffers: frames.slice(at + 6),
  };
}

/** The signature of a message as it came, by which a repeated one is known. */
export function signatureOf(frames: readonly Buffer[]): string {
  const at = frames.findIndex((frame) => frame.equals(delimiter));
  return frames[at + 1]?.toString("latin1") ?? "";
}
