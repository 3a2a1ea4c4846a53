import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/*
 * The Jupyter wire protocol, version 5.3 (jupyter-client.readthedocs.io, "Messaging in Jupyter"): a message is
 * [identities…, "<IDS|MSG>", signature, header, parent header, metadata, content], the last four as JSON, the signature
 * their HMAC-SHA256 under the connection's key.
 */

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
}

const delimiter = Buffer.from("<IDS|MSG>");

function sign(key: string, frames: readonly Buffer[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return Buffer.from(hmac.digest("hex"));
}

/** A request of one type in a session, ready for {@link encode}. */
export function request(type: string, content: Record<string, unknown>, session: string): Message {
  const header = {
    msg_id: randomBytes(16).toString("hex"),
    msg_type: type,
    session,
    username: "signmix",
    date: new Date().toISOString(),
    version: "5.3",
  };
  return { header, parent: {}, metadata: {}, content };
}

/** The frames of a message, signed. */
export function encode(message: Message, key: string): Buffer[] {
  const parts = [message.header, message.parent, message.metadata, message.content];
  const frames = parts.map((part) => Buffer.from(JSON.stringify(part)));
  return [delimiter, sign(key, frames), ...frames];
}

/**
 * Reads the frames of a message.
 * @throws if the delimiter is missing or the signature is wrong
 */
export function decode(frames: readonly Buffer[], key: string): Message {
  const at = frames.findIndex((frame) => frame.equals(delimiter));
  if (at < 0 || frames.length < at + 6) throw new Error("A message from the kernel is not in Jupyter's wire format.");
  const signature = frames[at + 1];
  const body = frames.slice(at + 2, at + 6);
  const wanted = sign(key, body);
  if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) {
    throw new Error("A message from the kernel carries a wrong signature.");
  }
  const [header, parent, metadata, content] = body.map((frame) => JSON.parse(frame.toString("utf8")));
  return { header, parent, metadata, content };
}
