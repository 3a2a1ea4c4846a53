import { endWithParent } from "../engine/parent-watch.js";
import { arrowColumns } from "./arrow-columns.js";
import { parquetColumns } from "./parquet-columns.js";
import type { LibraryAnswer, LibraryRequest } from "./read-apart.js";

// The process of `readApart`: one request, one answer. In the middle of it, it would not hear that its parent has gone.
endWithParent();

async function answer({ format, path, needed }: LibraryRequest): Promise<LibraryAnswer> {
  try {
    return { columns: await (format === "parquet" ? parquetColumns : arrowColumns)(path, needed) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

process.once("message", async (request: LibraryRequest) => {
  const send = (message: LibraryAnswer) => process.send?.(message, () => process.disconnect());
  try {
    send(await answer(request));
  } catch {
    send({ reason: "it has values of a kind that no table here holds" }); // they cannot be sent
  }
});
