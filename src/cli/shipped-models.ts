import { join } from "node:path";
import type { FilePlaces } from "./io.ts";

/** What `--model` calls the models that come with the program. A file of such a name is reached as ./digits. */
const shippedModels = ["digits", "photo", "photo-colour"] as const;

/** What `--model` calls the two shipped models for photographs together; `photo` alone is the one for grey. */
export const photoModels = { grey: "photo", coloured: "photo-colour" } as const;

/** The file of a shipped model; undefined if `name` is not one. It is beside the built program. */
export function shippedModelFile({ program }: FilePlaces, name: string): string | undefined {
  const known = shippedModels.find((shipped) => shipped === name);
  return known && join(program, "models", `${known}.safetensors`);
}
