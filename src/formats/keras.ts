import type { Model } from "../spec/network.ts";
import loader from "./keras/load_keras.py?raw";
import { encodeModel } from "./model-file.ts";
import type { TrainingNote } from "./training-note.ts";

/** The files of a folder from which Keras loads a model: the model file, and the code that builds it. */
export function kerasFiles(model: Model, note?: TrainingNote): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ["model.safetensors", encodeModel(model, note)],
    ["load_keras.py", loader],
  ]);
}
