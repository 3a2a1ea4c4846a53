import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Fetch } from "./download.js";

/** Whether the user wants no network: `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE`, as in Python's libraries. */
export function isOffline(): boolean {
  return [process.env.HF_HUB_OFFLINE, process.env.TRANSFORMERS_OFFLINE].some(isSet);
}

/** Address of the hub or of its mirror: `SIGNMIX_HUB_ENDPOINT`, `HF_ENDPOINT`, or Hugging Face. */
export function defaultEndpoint(): string {
  return process.env.SIGNMIX_HUB_ENDPOINT || process.env.HF_ENDPOINT || "https://huggingface.co";
}

/**
 * The user's token: `HF_TOKEN`, or what `hf auth login` has written; undefined where there is none.
 *
 * @throws without showing it, if it holds what no token has
 */
export function hubToken(): string | undefined {
  if (isSet(process.env.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return undefined;
  const { HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HF_TOKEN_PATH } = process.env;
  const token = (HF_TOKEN || HUGGING_FACE_HUB_TOKEN || readToken(HF_TOKEN_PATH || join(pythonHome(), "token"))).trim();
  if (token === "") return undefined;
  if (!/^[\x21-\x7e]{1,1000}$/.test(token)) {
    throw new Error("The hub's token (HF_TOKEN) has spaces or other characters that no token has; set it anew.");
  }
  return token;
}

/** Folder of the files that Python's `huggingface_hub` keeps. */
export function pythonCacheFolder(): string {
  return process.env.HF_HUB_CACHE || process.env.HUGGINGFACE_HUB_CACHE || join(pythonHome(), "hub");
}

/**
 * The global `fetch`; through the proxy, where `HTTPS_PROXY` or `HTTP_PROXY` names one (and `NO_PROXY` does not except the
 * host), which Node's own does not ask.
 */
export async function networkFetch(): Promise<Fetch> {
  const names = ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"];
  // the body of a Response is an async iterable in Node, though its DOM type does not say so
  if (!names.some((name) => process.env[name])) return fetch as unknown as Fetch;
  const { EnvHttpProxyAgent, fetch: proxied } = await import("undici");
  let dispatcher: InstanceType<typeof EnvHttpProxyAgent>;
  try {
    dispatcher = new EnvHttpProxyAgent();
  } catch (error) {
    throw new Error("HTTPS_PROXY or HTTP_PROXY is no address such as http://proxy.example:3128; mend it or unset it.", {
      cause: error,
    });
  }
  const throughProxy = (url: string, init: { headers: Record<string, string>; signal?: AbortSignal }) =>
    proxied(url, { ...init, dispatcher });
  return throughProxy as unknown as Fetch;
}

function pythonHome(): string {
  const { HF_HOME, XDG_CACHE_HOME } = process.env;
  return HF_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface");
}

function readToken(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function isSet(value: string | undefined): boolean {
  return /^(?:1|on|yes|true)$/i.test(value ?? "");
}
