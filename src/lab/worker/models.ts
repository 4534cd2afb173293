import { readBlob } from "../../data/blob-images.ts";
import { parseModel } from "../../formats/model-file.ts";
import { readableTrainingNote } from "../../formats/training-note.ts";
import type { Blend } from "../../network/picture-denoiser.ts";
import { usualBlend } from "../../spec/blind-spots.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Model } from "../../spec/network.ts";
import type { ModelSource, ShippedName } from "../denoise/protocol.ts";
import { maxRunFileBytes, parseRun, type RunFile } from "../runs/run-file.ts";

/** A model, and how its results are mixed with noisy pictures. Default: 1, not at all. */
export interface BlendedModel extends Model {
  readonly blend?: Blend;
}

/** Networks that are not the run's, each read once: those that come with the page, and the file that was chosen last. */
export class Models {
  readonly #base: string;
  readonly #read = new Map<string, Promise<BlendedModel>>();

  /** `base` is the address of the folder that contains `models/`. */
  constructor(base: string) {
    this.#base = base;
  }

  /** Throws an InputError that names the file if it cannot be loaded or used; the next call tries again. */
  async read(source: ModelSource): Promise<BlendedModel> {
    const key = keyOf(source);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const model = source.kind === "shipped" ? this.#fetch(source) : readModel(source.file);
    this.#read.set(key, model);
    try {
      const found = await model;
      if (source.kind === "file") this.#forgetFilesBut(key);
      return found;
    } catch (error) {
      this.#read.delete(key);
      throw error;
    }
  }

  async #fetch(source: ModelSource): Promise<BlendedModel> {
    const name = nameOf(source);
    return blendedModel(await fetchBytes(this.#base, `models/${name}`), name);
  }

  #forgetFilesBut(key: string): void {
    for (const known of this.#read.keys()) {
      if (known.startsWith("file ") && known !== key) this.#read.delete(known);
    }
  }
}

/**
 * The files of the networks that come with the page, for grey pictures and for pictures in colour.
 */
export const shippedFiles: {
  readonly [N in ShippedName]: { readonly grey: string; readonly colour: string };
} = {
  digits: { grey: "digits", colour: "digits" },
  photo: { grey: "photo", colour: "photo-colour" },
};

/** The key that identifies a network. */
export function keyOf(source: ModelSource): string {
  return source.kind === "shipped" ? nameOf(source) : `file ${source.id}`;
}

/** A network's name in messages: its file's name. */
function nameOf(source: ModelSource): string {
  if (source.kind === "file") return source.file.name;
  const { grey, colour } = shippedFiles[source.name];
  return `${source.colour ? colour : grey}.safetensors`;
}

/** The maximum size of a model file in bytes: more than an adapter's buffers usually have. */
const maxModelBytes = 2 ** 30;

/** Reads a safetensors file that `train` wrote; throws an InputError that names the file if it cannot be used. */
async function readModel(file: File): Promise<BlendedModel> {
  const { name, size } = file;
  if (size > maxModelBytes) {
    throw new InputError(`${name} has ${size} bytes, but a model file may have at most ${maxModelBytes}.`);
  }
  return blendedModel(await readBlob(file, 0, size, name), name);
}

function blendedModel(bytes: Uint8Array, name: string): BlendedModel {
  return { ...parseModel(bytes, name), blend: usualBlend(readableTrainingNote(bytes, name)) };
}

/** Reads a run file; throws an InputError that names the file if it cannot be used. */
export async function readRun(file: File): Promise<RunFile> {
  const { name, size } = file;
  if (size > maxRunFileBytes) {
    throw new InputError(`${name} has ${size} bytes, but a run file may have at most ${maxRunFileBytes}.`);
  }
  return parseRun(await readBlob(file, 0, size, name), name);
}

/** The bytes of a file in the folder of the page at `base`; throws an InputError that names it if it cannot be loaded. */
export async function fetchBytes(base: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const failed = (cause: unknown) => {
    throw new InputError(`${file} could not be loaded: the connection failed.`, { cause });
  };
  const response = await fetch(new URL(file, base)).catch(failed);
  if (!response.ok)
    throw new InputError(`${file} could not be loaded: the server answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer().catch(failed));
}
