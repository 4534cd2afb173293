import type { Engine, EngineDenoiser, EngineTrainer } from "../../engine/engine.ts";
import { InputError } from "../../spec/input-error.ts";
import { imageValues, type Model, requireCode } from "../../spec/network.ts";
import { samePlace } from "../../training/run-state.ts";
import type { Progress } from "../../training/trainer.ts";
import { Turns } from "../../training/turns.ts";
import type { ImagesSummary } from "../images/summary.ts";
import { codePlane, codeUnits } from "../inside/codes.ts";
import { cutFilters } from "../inside/weights.ts";
import type { Codes, Filters, FilterWish } from "../protocol.ts";

/** What the images to encode may come to: how many, and the values that they and their codes may have. */
const sampleLimits = { images: 1000, pixels: 2 ** 22, codeValues: 2 ** 19 } as const;

/** Rows that go through the network at a time: few, so that decoding a single code costs little. */
const batch = 64;

/** The run that is looked into, and what computes it. */
export interface InsideSource {
  readonly engine: Engine;
  /** Undefined while there is no run. */
  readonly trainer: EngineTrainer | undefined;
  /** What the run is validated on, if there is one. */
  readonly images: Pick<ImagesSummary, "validationImages"> | undefined;
}

/** Does work when the trainer's other work is done, and keeps the trainer from training meanwhile. */
type TakeTurn = <T>(work: (source: InsideSource) => Promise<T>) => Promise<T>;

/** Validation images of a run, before and after validation's noise; each [images, pixels]. */
interface Samples {
  readonly trainer: EngineTrainer;
  readonly images: readonly number[];
  readonly noisy: Float32Array<ArrayBuffer>;
  readonly clean: Float32Array<ArrayBuffer>;
}

/** A run's network as it was at a moment. */
interface Snapshot {
  readonly engine: Engine;
  readonly trainer: EngineTrainer;
  readonly model: Model;
  readonly progress: Progress;
  /** Made when something is first encoded or decoded. */
  denoiser: EngineDenoiser | undefined;
}

/**
 * Looks into the run's network. The trainer pauses only while its weights are read; encoding and decoding run beside it,
 * in buffers of their own. One thing at a time, so that nothing is freed while it is in use.
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

  /** Frees all that is kept, once the present request is done. */
  leave(): void {
    void this.#turns.take(async () => {
      this.#drop();
      this.#samples = undefined;
    });
  }

  /** The network as it is now. */
  async #current(): Promise<Snapshot> {
    const snapshot = await this.#takeTurn(async ({ engine, trainer }) => {
      if (!trainer) throw new InputError("There is no run to inspect yet.");
      const { progress } = trainer;
      if (this.#snapshot?.trainer === trainer && samePlace(this.#snapshot.progress, progress))
        return this.#snapshot;
      return { engine, trainer, model: await trainer.weights(), progress, denoiser: undefined };
    });
    if (snapshot !== this.#snapshot) this.#drop();
    this.#snapshot = snapshot;
    return snapshot;
  }

  /** The images of a run, spread over all that it is validated on; their noise never changes. */
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
    this.#snapshot?.denoiser?.destroy();
    this.#snapshot = undefined;
  }
}

async function denoiserOf(snapshot: Snapshot): Promise<EngineDenoiser> {
  snapshot.denoiser ??= await snapshot.engine.createDenoiser(snapshot.model, batch);
  return snapshot.denoiser;
}
