import { open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  endingOf,
  formatBytes,
  isFormatRead,
  isHidden,
  noPicturesText,
  pictureFormat,
} from "../data/file-kinds.ts";
import { gunzipStart, isGzip } from "../data/gzip.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { realPath, userPath } from "./paths.ts";

/** The file-name extensions that are read as pictures in folders and patterns. */
const pictureEndings: readonly string[] = [
  ...[".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".avif"],
];

/** The formats that other pictures can be converted to. */
const convertInto = "PNG, TIFF, JPEG or WebP";

/** Whether a file has the extension of a picture, in upper or lower case. */
export function endsLikePicture(name: string): boolean {
  return pictureEndings.includes(endingOf(name));
}

/** The files below a folder: paths from the folder, with "/", sorted. */
export interface ListedFolder {
  readonly pictures: readonly string[];
  readonly others: readonly string[];
  /** A sentence for each folder that cannot be read. */
  readonly faults: readonly string[];
}

/**
 * Lists the files in a folder and its sub-folders, except hidden files, the folders `without`, and the samples.png of a training.
 * A folder is listed only once even if several links lead to it, so that loops of links end. Throws an InputError if the
 * folder cannot be read.
 */
export async function listPictures(
  start: StartFolder,
  folder: string,
  without: readonly string[] = [],
): Promise<ListedFolder> {
  const root = userPath(start, folder);
  const own = await realpath(root).catch((cause: unknown) => {
    throw new InputError(`${folder} cannot be read: ${fileFault(cause)}.`, { cause });
  });
  if ((await stat(own)).isFile()) {
    await checkFormat(start, folder);
    throw new InputError(`${folder} is a file: give the folder of the pictures.`);
  }
  const seen = new Set([own]);
  for (const name of without) {
    const path = await realPath(start, name);
    if (path !== undefined) seen.add(path);
  }
  const files: string[] = [];
  const faults: string[] = [];
  // Folders before links, so that a folder has its own name and not that of a link to it.
  const folders = [""];
  const links: string[] = [];
  for (;;) {
    const inner = folders.shift() ?? links.shift();
    if (inner === undefined) break;
    if (inner !== "" && !(await isNew(join(root, inner), seen))) continue;
    try {
      const found = await entriesOf(join(root, inner));
      const below = (names: readonly string[]) =>
        names.map((name) => (inner === "" ? name : `${inner}/${name}`));
      files.push(...below(found.files));
      folders.push(...below(found.folders));
      links.push(...below(found.links));
    } catch (cause) {
      const sentence = `${inner === "" ? folder : join(folder, inner)} cannot be read: ${fileFault(cause)}.`;
      if (inner === "") throw new InputError(sentence, { cause });
      faults.push(sentence);
    }
  }
  files.sort();
  return {
    pictures: files.filter(endsLikePicture),
    others: files.filter((name) => !endsLikePicture(name)),
    faults,
  };
}

/** Whether a folder is not yet in `seen`; adds it. */
async function isNew(path: string, seen: Set<string>): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  if (seen.has(real)) return false;
  seen.add(real);
  return true;
}

/** The entries of one folder, without hidden ones; `links` are links to folders. */
async function entriesOf(path: string) {
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !isHidden(name));
  const names = new Set(entries.map(({ name }) => name));
  const isRun = names.has("model.safetensors") && names.has("history.json");
  const found = { files: [] as string[], folders: [] as string[], links: [] as string[] };
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name } = entry;
    if (isRun && name === "samples.png") continue;
    if (entry.isDirectory()) found.folders.push(name);
    else if (entry.isFile()) found.files.push(name);
    else if (entry.isSymbolicLink()) {
      const target = await stat(join(path, name)).catch(() => undefined);
      if (target?.isDirectory()) found.links.push(name);
      // A broken link is reported when it is read.
      else if (target === undefined || target.isFile()) found.files.push(name);
    }
  }
  return found;
}

/** The error for a folder without pictures, which says what it holds instead; `asIdx` says how to give an IDX file in it. */
export async function noPictures(
  start: StartFolder,
  folder: string,
  { others }: ListedFolder,
  asIdx: string,
): Promise<InputError> {
  const idx = await idxFilesAmong(start, folder, others);
  const [only] = idx;
  if (only === undefined) return new InputError(noPicturesText(folder, pictureEndings, others, convertInto));
  if (idx.length === 1) return new InputError(`${folder} holds the IDX file ${only}: give its path${asIdx}.`);
  const likely =
    idx.find((name) => /train.*image/i.test(name)) ?? idx.find((name) => /image/i.test(name)) ?? only;
  const shown = idx.slice(0, mostNamed);
  const more = idx.length > mostNamed ? ` and ${idx.length - mostNamed} more` : "";
  return new InputError(
    `${folder} holds the IDX files ${shown.join(", ")}${more}: give the path of one${asIdx}, as ${join(folder, likely)}.`,
  );
}

const mostNamed = 8;
const mostExamined = 100;

/** Those of the first files that are IDX files, by their names or their first bytes. */
async function idxFilesAmong(
  start: StartFolder,
  folder: string,
  names: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const name of names.slice(0, mostExamined)) {
    const path = userPath(start, join(folder, name));
    if (/(\.idx|[-.]idx\d-ubyte)(\.gz)?$/i.test(name) || (await startsAsIdx(path))) found.push(name);
  }
  return found;
}

/** Whether a file, gzipped or not, starts as an IDX file: two zero bytes, a type, and 1 to 4 dimensions. */
async function startsAsIdx(path: string): Promise<boolean> {
  const bytes = await firstBytes(path, 4096).catch(() => new Uint8Array());
  const unpacked = isGzip(bytes) ? await gunzipStart(bytes, 4, path).catch(() => new Uint8Array()) : bytes;
  const [zero0, zero1, type = 0, rank = 0] = unpacked;
  return zero0 === 0 && zero1 === 0 && type >= 0x08 && type <= 0x0e && rank >= 1 && rank <= 4;
}

/** Throws an InputError for a picture in an unsupported format, and says to convert it. */
export async function checkFormat(start: StartFolder, name: string): Promise<void> {
  const format = await formatOf(start, name);
  if (format === undefined || isFormatRead(format)) return;
  throw new InputError(`${name} is in ${format}, which is not read: convert it to ${convertInto}.`);
}

/** Throws an InputError for a picture file where an IDX file or a folder of pictures is expected. */
export async function checkNoPicture(start: StartFolder, name: string): Promise<void> {
  const format = await formatOf(start, name);
  if (format === undefined) return;
  const first = isFormatRead(format) ? "" : `convert it to ${convertInto}, and `;
  throw new InputError(
    `${name} is a picture in ${format}, not an IDX file of images: ${first}give the folder that it is in.`,
  );
}

/** The format of a picture file; undefined for other files and for unreadable ones. */
async function formatOf(start: StartFolder, name: string): Promise<string | undefined> {
  const bytes = await firstBytes(userPath(start, name), formatBytes).catch(() => undefined);
  return bytes && pictureFormat(name, bytes);
}

/** The first bytes of a file; rejects for a pipe, whose bytes could be read only once. */
async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  if (!(await stat(path)).isFile()) throw new Error(`${path} is not a file.`);
  const file = await open(path);
  try {
    const bytes = new Uint8Array(count);
    const { bytesRead } = await file.read(bytes, 0, count, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
