/** The networks that come with the page, trained beforehand. */
export type ShippedName = "digits" | "photo";

/** Where a network comes from that is not the run's. */
export type ModelSource =
  | { readonly kind: "shipped"; readonly name: ShippedName }
  /** A person's file. Its `id` is no other file's. */
  | { readonly kind: "file"; readonly id: number; readonly file: File };

/** What tells one network from another. */
export function keyOf(source: ModelSource): string {
  return source.kind === "shipped" ? source.name : `file ${source.id}`;
}

/** What to call a network in messages: its file's name. */
export function nameOf(source: ModelSource): string {
  return source.kind === "shipped" ? `${source.name}.safetensors` : source.file.name;
}
