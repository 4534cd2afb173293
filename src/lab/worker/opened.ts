import type { Engine } from "../../engine/engine.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Model } from "../../spec/network.ts";
import { Turns } from "../../training/turns.ts";
import type { ModelSource } from "../denoise/protocol.ts";
import type { ImagesSummary } from "../images/summary.ts";
import type { Laboratory, OpenOptions, TrainingEvent, TrainingListener } from "../protocol.ts";
import { CurrentRun } from "./current-run.ts";
import { type AvailableImages, describeImages, digitsId, OfferedImages, readDigits } from "./images.ts";
import { Models } from "./models.ts";
import { openPageEngine, type PageEngine } from "./page-engine.ts";
import type { TrainingRun } from "./training-run.ts";

/** What is open. */
export interface Tools {
  readonly engine: Engine;
  readonly listener: TrainingListener;
}

/** What opening was asked for. */
interface Opening {
  readonly options: OpenOptions;
  readonly listener: TrainingListener;
  readonly models: Models;
  /** The engine, or the reason why it cannot be opened. */
  readonly engine: Promise<PageEngine>;
}

/** What the Worker has opened, its run and its images, and the turns of its commands; the Worker's services extend it. */
export class Opened {
  readonly #current = new CurrentRun();
  readonly #offered = new OfferedImages();
  readonly #turns = new Turns();
  #opening: Opening | undefined;
  /** Undefined until it is open. */
  #engine: Engine | undefined;
  #digits: Promise<AvailableImages> | undefined;
  #readDigits: AvailableImages | undefined;

  async open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory> {
    const tell = (event: TrainingEvent) => void listener(event);
    const models = new Models(options.base);
    this.#opening = { options, listener, models, engine: openPageEngine(options, tell) };
    // If this fails, it is tried again when it is requested, and the error is reported then.
    if (options.spec) this.#digitsOf(options.base).catch(() => {});
    const { engine, ...reasons } = await this.#opening.engine;
    this.#engine = engine;
    // Fetched after the digits, without which there is nothing to show.
    if (options.model) models.read(options.model).catch(() => {});
    const { adapter, backend, profiles } = engine;
    return { backend, ...reasons, adapter, profiled: profiles };
  }

  async readDigits(): Promise<ImagesSummary> {
    this.#readDigits = await this.#digitsOf(this.#opened.options.base);
    return this.#readDigits.summary;
  }

  protected get current(): CurrentRun {
    return this.#current;
  }

  protected get run(): TrainingRun | undefined {
    return this.#current.run;
  }

  protected get offered(): OfferedImages {
    return this.#offered;
  }

  /** The number of commands that wait for the current one. */
  protected get waiting(): number {
    return this.#turns.waiting;
  }

  protected get tools(): Tools {
    const { listener } = this.#opened;
    if (!this.#engine) throw new Error("The training Worker was given work before it was opened.");
    return { engine: this.#engine, listener };
  }

  /** The engine as soon as it is open; it does not wait for images. */
  protected async engineWhenOpen(): Promise<Engine> {
    const { engine } = await this.#opened.engine;
    return this.#engine ?? engine;
  }

  protected modelOf(source: ModelSource): Promise<Model> {
    return this.#opened.models.read(source);
  }

  /** Opens the CPU in place of an engine that no longer works. */
  protected async openCpu(): Promise<Engine> {
    const { options, listener } = this.#opened;
    return (await openPageEngine({ ...options, backend: "cpu" }, (event) => void listener(event))).engine;
  }

  protected replaceEngine(engine: Engine): void {
    this.#engine?.close();
    this.#engine = engine;
  }

  /** Images with this `id`, from which a run can be built. */
  protected imagesOf(id: number): AvailableImages {
    const known = [this.#readDigits, this.run?.images, this.#offered.find(id)];
    const images = known.find((found) => found?.summary.id === id);
    if (images) return images.whole ?? images;
    throw new InputError("These images are gone, since others were chosen: choose them again.");
  }

  /**
   * Does `work` when all earlier commands are done, because the trainer's methods must not overlap. A run that trains
   * pauses after the current steps, and then continues.
   */
  protected inTurn<T>(work: (tools: Tools) => Promise<T>): Promise<T> {
    return this.#turns.take(() => work(this.tools));
  }

  /** The digits, which are read once. If this fails, the next call tries again. */
  #digitsOf(base: string): Promise<AvailableImages> {
    this.#digits ??= readDigits(base).then((data) => describeImages(digitsId, { files: [], data }));
    return this.#digits.catch((error: unknown) => {
      this.#digits = undefined;
      throw error;
    });
  }

  get #opened(): Opening {
    if (!this.#opening) throw new Error("The training Worker was given work before it was opened.");
    return this.#opening;
  }
}
