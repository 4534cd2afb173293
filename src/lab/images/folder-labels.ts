/** A label, and what the person calls it. */
export interface NamedLabel {
  readonly label: number;
  /** The name of a folder. */
  readonly name: string;
}

/** Labels that are told by the folders that pictures lie in. */
export interface FolderLabels {
  /** By label. */
  readonly names: readonly NamedLabel[];
  /** [pictures] */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Labels are numbers of one digit. */
const mostLabels = 10;

const natural = new Intl.Collator("en", { numeric: true });

/**
 * Takes the folders in which pictures are sorted for their labels, whatever lies deeper in them: those right below the innermost
 * folder that holds all. They are numbered in natural order; folders that are called by one digit keep it. Undefined where a
 * picture lies in none of them, or where they are fewer than 2 or more than 10. A path is "photos/cats/one.png".
 */
export function folderLabels(paths: readonly string[]): FolderLabels | undefined {
  const folders = paths.map((path) => path.split("/").slice(0, -1));
  const depth = sharedDepth(folders);
  const nameOf = (folder: readonly string[]) => folder[depth];
  const names = [...new Set(folders.map(nameOf))].filter((name) => name !== undefined);
  if (names.length < 2 || names.length > mostLabels || folders.some((folder) => nameOf(folder) === undefined))
    return undefined;
  const digits = names.every((name) => /^\d$/.test(name));
  const named = names
    .sort(natural.compare)
    .map((name, place) => ({ label: digits ? Number(name) : place, name }));
  const byName = new Map(named.map(({ label, name }) => [name, label]));
  return {
    names: named,
    labels: Uint8Array.from(folders, (folder) => byName.get(nameOf(folder) ?? "") ?? 0),
  };
}

/** How many folders, from the outermost in, all have in common. */
function sharedDepth(folders: readonly (readonly string[])[]): number {
  const [first = []] = folders;
  const differs = first.findIndex((name, depth) => folders.some((folder) => folder[depth] !== name));
  return differs < 0 ? first.length : differs;
}
