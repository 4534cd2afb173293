import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { passedOverText } from "../data/file-kinds.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { checkFormat, endsLikePicture, listPictures, noPictures } from "./list-pictures.ts";
import { realPath, userPath } from "./paths.ts";

/** A picture file to read, and where its result is written. */
export interface PictureInput {
  /** Its name in messages: a path as the user would write it. */
  readonly name: string;
  /** The result's path in the output folder. */
  readonly target: string;
}

/** The pictures found, sorted by their targets. */
export interface FoundPictures {
  readonly pictures: readonly PictureInput[];
  /** A sentence for each input that cannot be read or has no pictures. */
  readonly faults: readonly string[];
  /** A sentence on the other files in folders with pictures, if there are any. */
  readonly remark: string | undefined;
}

/** The files of one input: a file, a folder or a pattern. */
interface Expanded {
  readonly pictures: readonly PictureInput[];
  readonly faults?: readonly string[];
  /** The names of files that are not read as pictures. */
  readonly others?: readonly string[];
}

/**
 * The pictures of files, folders and patterns (for shells that do not expand them). A file's result gets the file's name;
 * the pictures below a folder keep their sub-folders. Files in the output folder `out` are ignored. Throws an InputError
 * if the results of two files would have the same name.
 */
export async function findPictures(
  start: StartFolder,
  inputs: readonly string[],
  out: string,
): Promise<FoundPictures> {
  const faults: string[] = [];
  const others: string[] = [];
  const found = new Map<string, PictureInput>();
  for (const input of inputs) {
    const expanded: Expanded = await expand(start, input, out).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      return { pictures: [], faults: [error.message] };
    });
    faults.push(...(expanded.faults ?? []));
    others.push(...(expanded.others ?? []));
    for (const picture of expanded.pictures) {
      const other = found.get(picture.target);
      if (other && userPath(start, other.name) !== userPath(start, picture.name)) {
        throw new InputError(
          `${other.name} and ${picture.name} would both be written to ${join(out, picture.target)}: denoise the folder above them, which keeps its sub-folders.`,
        );
      }
      found.set(picture.target, picture);
    }
  }
  const pictures = [...found.values()].sort((a, b) => (a.target < b.target ? -1 : 1));
  return { pictures, faults, remark: passedOverText(others) };
}

async function expand(start: StartFolder, input: string, out: string): Promise<Expanded> {
  const path = userPath(start, input);
  const entry = await stat(path).catch((cause: unknown) => {
    if (isDynamicPattern(input)) return undefined;
    throw new InputError(`${input} cannot be read: ${fileFault(cause)}.`, { cause });
  });
  if (entry && !entry.isDirectory()) {
    await checkFormat(start, input);
    return { pictures: [{ name: input, target: basename(path) }] };
  }
  if (entry) {
    if ((await realPath(start, input)) === (await realPath(start, out)))
      throw new InputError(`${input} cannot be denoised into itself: choose another --out.`);
    const listed = await listPictures(start, input, [out]);
    const { pictures, others, faults } = listed;
    if (pictures.length === 0 && faults.length === 0)
      throw await noPictures(start, input, listed, " with --data");
    return {
      pictures: pictures.map((target) => ({ name: join(input, target), target })),
      others,
      faults,
    };
  }
  // A backslash separates folders on Windows, and escapes the next character on other systems.
  const pattern = process.platform === "win32" ? input.replaceAll("\\", "/") : input;
  const matches = await matchesOf(start, pattern);
  const found = matches.filter(endsLikePicture);
  const others = matches.filter((name) => !endsLikePicture(name));
  if (found.length === 0) {
    for (const name of others) await checkFormat(start, name);
    throw new InputError(`No picture matches ${input}.`);
  }
  return { pictures: found.map((name) => ({ name, target: basename(name) })), others };
}

/** The files that match a pattern, sorted. A file that is found through several links to its folder counts once, under the folder's own name. */
async function matchesOf(start: StartFolder, pattern: string): Promise<string[]> {
  const found = await glob(pattern, { cwd: userPath(start, "."), expandDirectories: false });
  const places = new Map<string, string>();
  for (const name of found.sort()) {
    const folder = dirname(userPath(start, name));
    const real = (await realPath(start, folder)) ?? folder;
    const place = join(real, basename(name));
    if (!places.has(place) || real === folder) places.set(place, name);
  }
  return [...places.values()].sort();
}
