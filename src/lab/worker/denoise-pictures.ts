import type { PictureSize } from "../../data/picture.ts";
import type { Engine, EnginePictureDenoiser, EngineTrainer } from "../../engine/engine.ts";
import { pictureFamily } from "../../engine/picture-family.ts";
import type { Family } from "../../kernels/family.ts";
import { denoiseFromCentre, type RegionSink } from "../../network/centre-out.ts";
import { strengthOfPicture } from "../../network/noise-strength.ts";
import { usualBlend } from "../../spec/blind-spots.ts";
import { InputError } from "../../spec/input-error.ts";
import { isConvolutional, type Model } from "../../spec/network.ts";
import { Turns } from "../../training/turns.ts";
import type {
  DenoisedBy,
  DenoisedPicture,
  GivenNetwork,
  ModelSource,
  PictureEvent,
  PictureListener,
  PictureRequest,
  PictureStage,
} from "../denoise/protocol.ts";
import type { BlendedModel } from "./models.ts";
import { NetworkResult } from "./network-result.ts";
import { preparation, preparationSide, RgbaPicture, readPicture } from "./rgba-picture.ts";

export { readPicture };

/** Milliseconds from one report of the progress to the next. */
const shareInterval = 100;

/** The strongest noise that a network is told. */
const mostStrength = 10;

/** What is needed to denoise. */
export interface PictureTools {
  readonly engine: () => Promise<Engine>;
  readonly readModel: (source: ModelSource) => Promise<BlendedModel>;
  /** Does work with the run, if there is one, when its other work is done; the run does not train meanwhile. */
  readonly withRun: <T>(work: (trainer: EngineTrainer | undefined) => Promise<T>) => Promise<T>;
}

/** A model, and whose it is. */
interface ChosenModel extends Pick<DenoisedBy, "model" | "progress"> {
  readonly weights: BlendedModel;
}

/** A network on an engine. */
interface Placed {
  readonly engine: Engine;
  readonly weights: Model;
  readonly family: Family | undefined;
  readonly denoiser: EnginePictureDenoiser;
}

/** A picture that is denoised. */
interface Task {
  readonly picture: RgbaPicture;
  readonly signal: AbortSignal;
  readonly tell: (event: PictureEvent) => void;
}

/** What is known of a picture that was denoised. */
type Done = DenoisedBy & Pick<DenoisedPicture, "unchanged" | "seconds">;

/** The denoising of pictures, one at a time. The latest network stays on the engine, with its buffers for tiles of one size. */
export class PictureWork {
  readonly #tools: PictureTools;
  #cancellation = new AbortController();
  /** Aborted with the cancellation, too. */
  #learning = new AbortController();
  #placed: Placed | undefined;
  /** For pictures that are as large as a photograph; undefined for the usual one. */
  #family: Family | undefined;
  readonly #turns = new Turns();

  constructor(tools: PictureTools) {
    this.#tools = tools;
  }

  /** Denoises a picture; undefined if it is cancelled. */
  async denoise(request: PictureRequest, listener: PictureListener): Promise<DenoisedPicture | undefined> {
    this.cancel();
    this.#cancellation = new AbortController();
    this.#learning = new AbortController();
    const { signal } = this.#cancellation;
    const { signal: learning } = this.#learning;
    try {
      return await this.#turns.take(() => this.#denoise(request, listener, signal, learning));
    } catch (error) {
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    }
  }

  cancel(): void {
    this.#cancellation.abort();
    this.#learning.abort();
  }

  /** Ends the learning from the current picture; it is denoised by the network so far. Does nothing if no network learns. */
  stopLearning(): void {
    this.#learning.abort();
  }

  /** Loads the networks for photographs and denoises a small picture, so that all code is there when a picture comes. */
  async prepare(): Promise<void> {
    // Most photographs are in colour.
    const weights = await this.#tools.readModel({ kind: "shipped", name: "photo", colour: true });
    await this.#turns.take(async () => {
      const engine = await this.#tools.engine();
      this.#family = await pictureFamily(engine, weights, preparation, () => this.#turns.waiting > 0);
    });
    await this.#tools.readModel({ kind: "shipped", name: "photo", colour: false });
  }

  /** Frees the network on the engine once the current picture is done, because another engine computes from now on. */
  leave(): void {
    void this.#turns.take(async () => this.#drop());
  }

  async #denoise(
    { file, network: wish, noise, strength: factor }: PictureRequest,
    listener: PictureListener,
    signal: AbortSignal,
    learning: AbortSignal,
  ): Promise<DenoisedPicture> {
    signal.throwIfAborted();
    const pixels = await readPicture(file, noise, signal);
    const picture = new RgbaPicture(pixels);
    const { rows, columns } = picture;
    // The events and the result arrive by different ports, so the result is sent when the events were handled.
    const handled: unknown[] = [];
    const tell = (event: PictureEvent) => void handled.push(listener(event));
    tell({ kind: "read", before: { rows, columns, rgba: pixels.rgba.slice() } });
    const task = { picture, signal, tell };
    const done = await (wish.kind === "self"
      ? this.#learn(file.name, task, learning)
      : this.#apply(wish, factor, task));
    const png = await picture.encode();
    await Promise.all(handled);
    signal.throwIfAborted();
    return { ...done, rows, columns, png };
  }

  /** Denoises a picture by the network that the page asks for. */
  async #apply(wish: GivenNetwork, factor: number, { picture, signal, tell }: Task): Promise<Done> {
    const { weights, ...by } = await this.#choose(wish, picture);
    signal.throwIfAborted();
    const denoiser = await this.#place(weights, picture);
    signal.throwIfAborted();
    const { network } = weights;
    const started = performance.now();
    const estimate = network.noiseMap
      ? await strengthOfPicture(network, picture.lines, undefined)
      : undefined;
    const strength = estimate === undefined ? undefined : Math.min(mostStrength, factor * estimate);
    const unchanged = strength === 0;
    const onShare = paced(tell);
    const write: RegionSink = (region, values) =>
      tell({ kind: "region", region, rgba: picture.write(region, values) });
    if (!unchanged) {
      const result = weights.blend === "auto" ? new NetworkResult(picture) : undefined;
      const keep: RegionSink = (region, values) => {
        result?.keep(region, values);
        return write(region, values);
      };
      const options = { signal, strength, onShare: (share: number) => onShare("denoising", share) };
      await denoiseFromCentre(denoiser, network, picture, keep, options);
      await result?.blend(write, signal);
    }
    const seconds = (performance.now() - started) / 1000;
    return { ...by, network, estimate, unchanged, seconds };
  }

  /** Denoises a picture by a network that learns from it alone. */
  async #learn(name: string, { picture, signal, tell }: Task, learning: AbortSignal): Promise<Done> {
    // Loaded when first needed: most pictures are denoised by networks that have learned before.
    const { learnFromPicture } = await import("./learn-picture.ts");
    const engine = await this.#tools.engine();
    signal.throwIfAborted();
    const started = performance.now();
    const { network, steps } = await learnFromPicture(engine, picture, name, {
      signal,
      learning,
      onShare: paced(tell),
      onRegion: (region, rgba) => tell({ kind: "region", region, rgba }),
      withRun: (work) => this.#tools.withRun(work),
    });
    const seconds = (performance.now() - started) / 1000;
    const by = { model: { steps }, progress: undefined, estimate: undefined };
    return { ...by, network, unchanged: false, seconds };
  }

  /** The network that the page asks for. */
  async #choose(wish: GivenNetwork, picture: RgbaPicture): Promise<ChosenModel> {
    if (wish.kind === "run") {
      return this.#tools.withRun(async (trainer) => {
        if (!trainer) throw new InputError("There is no run to denoise with yet.");
        const weights = { ...(await trainer.weights()), blend: usualBlend(trainer.spec) };
        return { weights, model: undefined, progress: trainer.progress };
      });
    }
    const colour = picture.channels > 1;
    const source = wish.kind === "suitable" ? suitable(picture) : wish;
    const weights = await this.#tools.readModel(source.kind === "shipped" ? { ...source, colour } : source);
    const model = source.kind === "shipped" ? source.name : { file: source.file.name };
    return { weights, model, progress: undefined };
  }

  /** The network on the engine, with the kernels for a picture of this size. */
  async #place(weights: Model, { rows, columns }: PictureSize): Promise<EnginePictureDenoiser> {
    const engine = await this.#tools.engine();
    const isLarge = isConvolutional(weights.network) && rows * columns >= preparationSide ** 2;
    const family = isLarge ? this.#family : undefined;
    const is = this.#placed;
    if (is?.weights === weights && is.engine === engine && is.family === family) return is.denoiser;
    this.#drop();
    const denoiser = await engine.createPictureDenoiser(weights, { family });
    this.#placed = { engine, weights, family, denoiser };
    return denoiser;
  }

  #drop(): void {
    this.#placed?.denoiser.destroy();
    this.#placed = undefined;
  }
}

/** Tells the share that is done at the beginning of a stage, and then at most about ten times a second. */
function paced(tell: Task["tell"]): (stage: PictureStage, share: number) => void {
  let told: { readonly stage: PictureStage; readonly at: number } | undefined;
  return (stage, share) => {
    const now = performance.now();
    if (told?.stage === stage && now - told.at < shareInterval) return;
    told = { stage, at: now };
    tell({ kind: "share", stage, share });
  };
}

/** The side of a grey picture that is taken to be one of MNIST's digits. */
const digitSide = 28;

/** The network for a picture: the one for digits for grey pictures of their size, otherwise the one for photographs. */
export function suitable({
  rows,
  columns,
  channels,
}: PictureSize): ModelSource & { readonly kind: "shipped" } {
  const digit = channels === 1 && rows === digitSide && columns === digitSide;
  return { kind: "shipped", name: digit ? "digits" : "photo" };
}
