import { realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";
import type { StartFolder } from "./io.ts";
import { userPath } from "./paths.ts";
import { endsLikePicture, pictureEndings } from "./picture-endings.ts";

/** A picture file to read, and where its result belongs. */
export interface PictureInput {
  /** What to call it in messages; a path as the user would write it. */
  readonly name: string;
  /** The result's path in the output folder. */
  readonly target: string;
}

/** The pictures that were found, in the order of their targets, and a sentence for everything in which there are none. */
export interface FoundPictures {
  readonly pictures: readonly PictureInput[];
  readonly faults: readonly string[];
}

/**
 * The pictures that files, folders and patterns (for shells that do not expand them) stand for. A file's result gets the
 * file's name; the pictures below a folder keep their sub-folders, and those in the output folder `out` are none of them.
 * Throws an InputError when the results of two files would have the same name.
 */
export async function findPictures(
  start: StartFolder,
  inputs: readonly string[],
  out: string,
): Promise<FoundPictures> {
  const faults: string[] = [];
  const found = new Map<string, PictureInput>();
  for (const input of inputs) {
    for (const picture of await expand(start, input, out).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      faults.push(error.message);
      return [];
    })) {
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
  return { pictures, faults };
}

async function expand(start: StartFolder, input: string, out: string): Promise<PictureInput[]> {
  const path = userPath(start, input);
  const entry = await stat(path).catch((cause: unknown) => {
    if (isDynamicPattern(input)) return undefined;
    throw new InputError(`${input} cannot be read: ${fileFault(cause)}.`, { cause });
  });
  if (entry && !entry.isDirectory()) return [{ name: input, target: basename(path) }];
  if (entry) {
    const found = (await pictures("**", path)).map((target) => ({ name: join(input, target), target }));
    const own = await pathFrom(path, userPath(start, out));
    if (own === "") throw new InputError(`${input} cannot be denoised into itself: choose another --out.`);
    const others = found.filter(({ target }) => own === undefined || !within(target, own));
    if (others.length === 0)
      throw new InputError(`${input} holds no pictures (${pictureEndings.join(", ")}).`);
    return others;
  }
  // A backslash parts folders on Windows, and quotes what follows it everywhere else.
  const pattern = process.platform === "win32" ? input.replaceAll("\\", "/") : input;
  const found = await pictures(pattern, userPath(start, "."));
  if (found.length === 0) throw new InputError(`No picture matches ${input}.`);
  return found.map((name) => ({ name, target: basename(name) }));
}

/** The picture files that match a pattern below a folder, in the order of their names. */
async function pictures(pattern: string, cwd: string): Promise<string[]> {
  const found = await glob(pattern, { cwd, expandDirectories: false });
  return found.filter(endsLikePicture).sort();
}

/** The path of `inner` as seen from `folder`, if it exists and is the folder or is below it. */
async function pathFrom(folder: string, inner: string): Promise<string | undefined> {
  const real = await realpath(inner).catch(() => undefined);
  if (real === undefined) return undefined;
  const folderReal = await realpath(folder);
  return within(real, folderReal) ? relative(folderReal, real) : undefined;
}

/** Whether a path is the folder or is below it; both are relative to the same place. */
function within(path: string, folder: string): boolean {
  const between = relative(folder, path);
  return between !== ".." && !between.startsWith(`..${sep}`) && !isAbsolute(between);
}
