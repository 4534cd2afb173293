import { rowsOf } from "../../data/picture.ts";
import type { Engine, EngineTrainer } from "../../engine/engine.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Model, NetworkSpec } from "../../spec/network.ts";
import { samePlace } from "../../training/run-state.ts";
import type { Progress } from "../../training/trainer.ts";
import { Turns } from "../../training/turns.ts";
import type { DenoisedImages, ImageRequest, ModelSource } from "../denoise/protocol.ts";
import { keyOf } from "./models.ts";

/** The number of images that are denoised at a time: so few that they use the same kernels as a single image. */
const mostAtOnce = 8;

/** What is needed to denoise. */
interface ImageTools {
  readonly engine: () => Engine;
  readonly readModel: (source: ModelSource) => Promise<Model>;
  /** Does work with the run, if there is one, when its other work is done; the run does not train meanwhile. */
  readonly withRun: <T>(work: (trainer: EngineTrainer | undefined) => Promise<T>) => Promise<T>;
}

/** A network, and the key that identifies it. */
interface Identified {
  /** The model's key, or the run of the network. */
  readonly owner: string | EngineTrainer;
  /** The progress of that run. */
  readonly progress: Progress | undefined;
}

/** A network on the engine, built for a number and a size of images. */
interface Prepared extends Identified {
  readonly network: NetworkSpec;
  readonly shape: string;
  denoise(images: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  destroy(): void;
}

/**
 * Denoises small images, one request after the other, so that nothing is freed while it is in use. The trainer pauses
 * only while its weights are read. The latest network stays prepared; a new one is built only for other weights or another size.
 */
export class ImageWork {
  readonly #tools: ImageTools;
  #prepared: Prepared | undefined;
  readonly #turns = new Turns();

  constructor(tools: ImageTools) {
    this.#tools = tools;
  }

  async denoise(request: ImageRequest): Promise<DenoisedImages> {
    const { images, rows, columns } = request;
    if (images.length === 0 || images.length % (rows * columns) !== 0) {
      throw new InputError(
        `Images of ${rows} x ${columns} pixels were to be denoised, but ${images.length} values do not make whole images.`,
      );
    }
    // Fetched before the request's turn, so that a slow connection does not block other requests.
    if (request.model) await this.#tools.readModel(request.model);
    return this.#turns.take(async () => {
      const prepared = await this.#prepare(request);
      const { network, progress } = prepared;
      const denoised = await prepared.denoise(images);
      return { images: denoised.map((value) => Math.min(1, Math.max(0, value))), network, progress };
    });
  }

  /** Frees the prepared network once the current request is done, because another engine computes from now on. */
  leave(): void {
    void this.#turns.take(async () => this.#drop());
  }

  #drop(): void {
    this.#prepared?.destroy();
    this.#prepared = undefined;
  }

  /** The network that the request is for, prepared for its images. */
  async #prepare(request: ImageRequest): Promise<Prepared> {
    const { rows, columns, images } = request;
    const shape = [images.length / (rows * columns), rows, columns].join(" x ");
    const found = await this.#find(request, (wanted) => {
      const is = this.#prepared;
      const same =
        is?.shape === shape && is.owner === wanted.owner && samePlace(is.progress, wanted.progress);
      return same ? is : undefined;
    });
    if ("denoise" in found) return found;
    const { owner, progress, model } = found;
    this.#drop();
    this.#prepared = { owner, progress, shape, ...(await place(this.#tools.engine(), model, request)) };
    return this.#prepared;
  }

  /** What `ready` has for the network, otherwise its weights. */
  async #find(
    { model: source }: ImageRequest,
    ready: (wanted: Identified) => Prepared | undefined,
  ): Promise<Prepared | (Identified & { readonly model: Model })> {
    const { readModel, withRun } = this.#tools;
    if (source) {
      const wanted = { owner: keyOf(source), progress: undefined };
      return ready(wanted) ?? { ...wanted, model: await readModel(source) };
    }
    return withRun(async (trainer) => {
      if (!trainer) throw new InputError("There is no run to denoise with yet.");
      const wanted = { owner: trainer, progress: trainer.progress };
      return ready(wanted) ?? { ...wanted, model: await trainer.weights() };
    });
  }
}

/** Puts a network on the engine: directly for images of its own size, with overlapping windows for all others. */
async function place(
  engine: Engine,
  model: Model,
  { rows, columns, images }: ImageRequest,
): Promise<Pick<Prepared, "network" | "denoise" | "destroy">> {
  const { network } = model;
  const size = rows * columns;
  if (network.channels === 1 && network.image[0] === rows && network.image[1] === columns) {
    const denoiser = await engine.createDenoiser(model, Math.min(mostAtOnce, images.length / size));
    return {
      network,
      denoise: (noisy) => denoiser.denoise(noisy),
      destroy: () => denoiser.destroy(),
    };
  }
  const denoiser = await engine.createPictureDenoiser(model);
  return {
    network,
    async denoise(noisy) {
      const denoised = new Float32Array(noisy.length);
      for (let start = 0; start < noisy.length; start += size) {
        const values = noisy.subarray(start, start + size);
        await denoiser.denoise(rowsOf({ rows, columns, channels: 1, values }), (first, found) => {
          denoised.set(found, start + first * columns);
        });
      }
      return denoised;
    },
    destroy: () => denoiser.destroy(),
  };
}
