import type { Engine, EngineDenoiser, EngineTrainer } from "../../engine/engine.ts";
import { InputError } from "../../spec/input-error.ts";
import { imageValues, isConvolutional, type Model, requireCode } from "../../spec/network.ts";
import { samePlace } from "../../training/run-state.ts";
import type { Progress } from "../../training/trainer.ts";
import { Turns } from "../../training/turns.ts";
import type { ImagesSummary } from "../images/summary.ts";
import { codePlane, codeUnits } from "../inside/codes.ts";
import type {
  Channels,
  ChannelWish,
  Codes,
  Filters,
  FilterWish,
  Kernels,
  KernelWish,
} from "../inside/protocol.ts";
import { cutFilters } from "../inside/weights.ts";

/** Loaded when first needed: most pages have no convolutions. */
function channelTools() {
  return import("./channels.ts");
}

/** The limits of the images to encode: their number, and the number of values of the images and of the codes. */
const sampleLimits = { images: 1000, pixels: 2 ** 22, codeValues: 2 ** 19 } as const;

/** The number of rows that the network processes at a time: few, so that decoding a single code is cheap. */
const batch = 64;

/** The run whose inside is shown, and the engine that computes it. */
export interface InsideSource {
  readonly engine: Engine;
  /** Undefined while there is no run. */
  readonly trainer: EngineTrainer | undefined;
  /** The run's validation images; undefined while there is no run. */
  readonly images: Pick<ImagesSummary, "validationImages"> | undefined;
}

/** Does work when the trainer's other work is done; the trainer does not train meanwhile. */
type TakeTurn = <T>(work: (source: InsideSource) => Promise<T>) => Promise<T>;

/** Validation images of a run, without and with the validation noise; each [images, pixels]. */
interface Samples {
  readonly trainer: EngineTrainer;
  readonly images: readonly number[];
  readonly noisy: Float32Array<ArrayBuffer>;
  readonly clean: Float32Array<ArrayBuffer>;
}

/** A run's network at one time. */
interface Snapshot {
  readonly engine: Engine;
  readonly trainer: EngineTrainer;
  readonly model: Model;
  readonly progress: Progress;
  /** By the number of rows; built when first used. */
  readonly denoisers: Map<number, EngineDenoiser>;
}

/**
 * Reads weights and codes of the run's network. The trainer pauses only while its weights are read; encoding and decoding run
 * beside it, in separate buffers. One request at a time, so that nothing is freed while it is in use.
 */
export class InsideWork {
  readonly #takeTurn: TakeTurn;
  #samples: Samples | undefined;
  #snapshot: Snapshot | undefined;
  readonly #turns = new Turns();

  constructor(takeTurn: TakeTurn) {
    this.#takeTurn = takeTurn;
  }

  readFilters(wish: FilterWish): Promise<Filters> {
    return this.#turns.take(async () => {
      const { model, progress } = await this.#current();
      return { ...cutFilters(model, wish), progress };
    });
  }

  readCodes(): Promise<Codes> {
    return this.#turns.take(async () => {
      const snapshot = await this.#current();
      const { images, noisy, clean } = await this.#samplesOf(snapshot);
      const { model, progress } = snapshot;
      const { network } = model;
      const { size } = requireCode(network);
      const [rows, columns] = network.image;
      const codes = await (await denoiserOf(snapshot)).encode(noisy);
      return {
        images,
        rows,
        columns,
        clean: clean.slice(),
        size,
        codes,
        units: codeUnits(codes, size),
        plane: codePlane(codes, size),
        decodes: network.output !== "residual",
        progress,
      };
    });
  }

  decode(codes: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    return this.#turns.take(async () =>
      (await denoiserOf(this.#snapshot ?? (await this.#current()))).decode(codes),
    );
  }

  readChannels({ pixels, firsts, count }: ChannelWish): Promise<Channels> {
    return this.#turns.take(async () => {
      const snapshot = await this.#current();
      const { model, progress } = snapshot;
      if (!isConvolutional(model.network)) {
        throw new InputError("Only convolutions have channels, and the run's network has dense layers.");
      }
      const { cutChannels } = await channelTools();
      const denoiser = await denoiserOf(snapshot, 1);
      const layers = await denoiser.layerOutputs(pixels, (output, layer) =>
        cutChannels(model.network, layer, output, firsts[layer] ?? 0, count),
      );
      return { layers, progress };
    });
  }

  readKernels(wish: KernelWish): Promise<Kernels> {
    return this.#turns.take(async () => {
      const { model } = this.#snapshot ?? (await this.#current());
      return (await channelTools()).strongestKernels(model, wish);
    });
  }

  /** Frees everything that is kept, once the current request is done. */
  leave(): void {
    void this.#turns.take(async () => {
      this.#drop();
      this.#samples = undefined;
    });
  }

  /** The current network. */
  async #current(): Promise<Snapshot> {
    const snapshot = await this.#takeTurn(async ({ engine, trainer }) => {
      if (!trainer) throw new InputError("There is no run to inspect yet.");
      const { progress } = trainer;
      if (this.#snapshot?.trainer === trainer && samePlace(this.#snapshot.progress, progress))
        return this.#snapshot;
      return { engine, trainer, model: await trainer.weights(), progress, denoisers: new Map() };
    });
    if (snapshot !== this.#snapshot) this.#drop();
    this.#snapshot = snapshot;
    return snapshot;
  }

  /** Images of a run, evenly spread over its validation images; their noise never changes. */
  async #samplesOf({ trainer, model }: Snapshot): Promise<Samples> {
    if (this.#samples?.trainer === trainer) return this.#samples;
    this.#samples = await this.#takeTurn(async ({ trainer: running, images: found }) => {
      if (running !== trainer || !found) throw new InputError("The run was replaced while it was inspected.");
      const { validationImages } = found;
      const { network } = model;
      const { images: most, pixels, codeValues } = sampleLimits;
      const fitting = Math.min(most, pixels / imageValues(network), codeValues / requireCode(network).size);
      const count = Math.min(validationImages, Math.max(1, Math.floor(fitting)));
      const images = Array.from({ length: count }, (_, index) =>
        Math.floor((index * validationImages) / count),
      );
      const { noisy, clean } = await trainer.preview(images);
      return { trainer, images, noisy, clean };
    });
    return this.#samples;
  }

  #drop(): void {
    for (const denoiser of this.#snapshot?.denoisers.values() ?? []) denoiser.destroy();
    this.#snapshot = undefined;
  }
}

async function denoiserOf(
  { engine, model, denoisers }: Snapshot,
  rows: number = batch,
): Promise<EngineDenoiser> {
  const denoiser = denoisers.get(rows) ?? (await engine.createDenoiser(model, rows));
  denoisers.set(rows, denoiser);
  return denoiser;
}
