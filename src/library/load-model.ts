import { parseModel } from "../formats/model-file.ts";
import { readableTrainingNote } from "../formats/training-note.ts";
import { InputError } from "../spec/input-error.ts";
import { type ComputeOptions, openCompute } from "./compute.ts";
import { type DenoisingModel, placeModel } from "./denoising-model.ts";

/** An object that holds bytes: a `Blob`, a `File`, a `Response`. */
export interface ByteSource {
  /** All bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** For a `File`. */
  readonly name?: string;
  /** For a `Response`: whether the request succeeded. */
  readonly ok?: boolean;
  /** For a `Response`. */
  readonly status?: number;
  /** For a `Response`. */
  readonly url?: string;
}

/** The accepted forms of a model file. */
export type ModelSource = Uint8Array | ArrayBuffer | ByteSource;

/**
 * Reads a model file: written by `unsnow train`, by the page or by `toSafetensors`, or included in the package.
 *
 * @param source - The file's bytes, a `Blob`, a `Response`, or the promise of one, as in `loadModel(fetch(address))`.
 * @param options - Options for the compute device.
 * @returns A model; dispose it after use.
 * @throws InputError if it is not a model file, or the server did not return it.
 * @throws DeviceError if the GPU is requested but not available.
 */
export async function loadModel(
  source: ModelSource | PromiseLike<ModelSource>,
  options: ComputeOptions = {},
): Promise<DenoisingModel> {
  const given = await source;
  const [bytes, name] = [await bytesOf(given), nameOf(given)];
  const [model, note] = [parseModel(bytes, name), readableTrainingNote(bytes, name)];
  return placeModel(model, await openCompute(options), note);
}

async function bytesOf(source: ModelSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (typeof source?.arrayBuffer !== "function") {
    throw new InputError("A model is loaded from bytes, a Blob or a Response, but none of them is given.");
  }
  if (source.ok === false) {
    throw new InputError(`${nameOf(source)} could not be loaded: the server answered ${source.status}.`);
  }
  return new Uint8Array(await source.arrayBuffer());
}

/** The name of the file in messages. */
function nameOf(source: ModelSource): string {
  const { name, url } = source as Partial<ByteSource>;
  return name || url?.split("/").at(-1) || "The model file";
}
