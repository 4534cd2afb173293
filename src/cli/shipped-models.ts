import { join } from "node:path";
import type { FilePlaces } from "./io.ts";

/** The names of the included models for `--model`. A file of such a name is given as ./digits. */
const shippedModels = ["digits", "photo", "photo-colour"] as const;

/** The two included models for photographs. `--model photo` chooses between them by the picture's channels. */
export const photoModels = { grey: "photo", coloured: "photo-colour" } as const;

/** The file of a shipped model; undefined if `name` is not one. It is beside the built program. */
export function shippedModelFile({ program }: FilePlaces, name: string): string | undefined {
  const known = shippedModels.find((shipped) => shipped === name);
  return known && join(program, "models", `${known}.safetensors`);
}
