// Headless Chromium, driven through its debugging pipe: no port, no package. CHROME_PATH names another program.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "./problem.mjs";

/** Polls until an attempt gives something truthy; a failing attempt, or one without an answer, counts as not yet. */
export async function waitFor(what, seconds, attempt) {
  const deadline = performance.now() + 1000 * seconds;
  while (performance.now() < deadline) {
    const answer = Promise.resolve().then(attempt);
    const found = await Promise.race([answer, sleep(10_000)]).catch(() => undefined);
    if (found) return found;
    await sleep(500);
  }
  throw new Problem(`${what} did not come in ${seconds} s.`);
}

/** Requests and answers of the Chrome DevTools protocol: JSON texts with a zero byte after each. */
function protocolOver(input, output) {
  const waiting = new Map();
  let rest = "";
  let count = 0;
  output.setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      if (error) waiting.get(id)?.reject(new Error(error.message));
      else waiting.get(id)?.resolve(result);
      waiting.delete(id);
    }
  });
  return (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject });
      input.write(`${JSON.stringify({ id: count, method, params, sessionId })}\0`);
    });
}

/**
 * Opens a page in a browser of its own, in a light or dark `scheme`, whose scripts run unless `scripts` is false; `close` ends the
 * browser and deletes its profile.
 */
export async function openPage(url, { width, height, scheme = "light", scripts = true }) {
  const profile = mkdtempSync(path.join(tmpdir(), "signmix-chromium-"));
  const program = process.env.CHROME_PATH ?? "chromium";
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"];
  const browser = spawn(program, [...flags, `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: profile }, // it leaves a folder of its own there
  });
  const gone = new Promise((resolve) => browser.once("close", resolve).once("error", resolve));
  const [, , , input, output] = browser.stdio;
  input.on("error", () => {}); // the browser is gone: `gone` tells it
  const close = async () => {
    browser.kill("SIGTERM");
    await Promise.race([gone, sleep(10_000)]);
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }); // its helpers may still be ending
  };
  const call = protocolOver(input, output);
  const open = async () => {
    const { targetId } = await call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
    const send = (method, params) => call(method, params, sessionId);
    await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    if (!scripts) await send("Emulation.setScriptExecutionDisabled", { value: true });
    await send("Page.navigate", { url });
    return {
      close,
      async evaluate(expression) {
        const { result } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
        return result.value;
      },
      async click(x, y) {
        const press = { x, y, button: "left", clickCount: 1 };
        await send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
        await send("Input.dispatchMouseEvent", { type: "mousePressed", ...press });
        await send("Input.dispatchMouseEvent", { type: "mouseReleased", ...press });
      },
      /** Types a text where the cursor is. */
      type: (text) => send("Input.insertText", { text }),
      /** Presses a key by its name, such as "Tab"; `shift` and `ctrl` are held meanwhile. */
      async press(key, { shift = false, ctrl = false } = {}) {
        const codes = { Tab: 9, Enter: 13, Escape: 27, Backspace: 8 };
        const isLetter = /^[a-z]$/i.test(key);
        const code = isLetter ? `Key${key.toUpperCase()}` : key;
        const windowsVirtualKeyCode = codes[key] ?? key.toUpperCase().charCodeAt(0);
        const all = { key, code, windowsVirtualKeyCode, modifiers: (shift ? 8 : 0) + (ctrl ? 2 : 0) };
        await send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...all });
        await send("Input.dispatchKeyEvent", { type: "keyUp", ...all });
      },
      /** The page as a PNG: what is in view, or the whole of it once it has loaded. */
      async picture({ whole = false } = {}) {
        if (whole) await waitFor("The page", 30, () => this.evaluate('document.readyState === "complete"'));
        const { data } = await send("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole });
        return Buffer.from(data, "base64");
      },
    };
  };
  const page = await Promise.race([open(), gone]);
  if (page?.evaluate) return page;
  await close();
  throw new Problem(`${program} does not start: install Chromium, or put the path of Chrome into CHROME_PATH.`);
}
