import { parseModel } from "../../formats/model-file.ts";
import type { Model } from "../../spec/network.ts";
import { fetchBytes } from "./fetch-bytes.ts";
import { keyOf, type ModelSource, nameOf } from "./model-source.ts";
import { readModel } from "./read-model.ts";

/** Networks that are not the run's, each read once: those that lie beside the page, and the file that was chosen last. */
export class Models {
  readonly #base: string;
  readonly #read = new Map<string, Promise<Model>>();

  /** `base` is the address that `models/` lies at. */
  constructor(base: string) {
    this.#base = base;
  }

  /** Throws an InputError that names the file when it cannot be had or used; it is then tried anew the next time. */
  async read(source: ModelSource): Promise<Model> {
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

  async #fetch(source: ModelSource): Promise<Model> {
    const name = nameOf(source);
    return parseModel(await fetchBytes(this.#base, `models/${name}`), name);
  }

  #forgetFilesBut(key: string): void {
    for (const known of this.#read.keys()) {
      if (known.startsWith("file ") && known !== key) this.#read.delete(known);
    }
  }
}
