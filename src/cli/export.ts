import { basename, dirname } from "node:path";
import { encodeModel } from "../formats/model-file.ts";
import type { ExportOptions } from "./export-command.ts";
import { loadNotedModel } from "./input-files.ts";
import { writeFiles } from "./output-files.ts";

/** `unsnow export`: writes a model, and what it was trained on, into one file. Throws an InputError. */
export async function exportModel({ model: name, dtype, out }: ExportOptions): Promise<void> {
  const { model, note } = await loadNotedModel(name);
  const bytes = encodeModel(model, note, dtype);
  await writeFiles(dirname(out), new Map([[basename(out), bytes]]));
  console.log(`${out}: ${bytes.length} bytes, ${dtype}`);
}
