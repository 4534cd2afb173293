import { transfer } from "comlink";
import { InputError } from "../../spec/input-error.ts";
import type { Model, NetworkSpec } from "../../spec/network.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import type { Progress } from "../../training/trainer.ts";
import type { Pixels } from "../pixels.ts";
import type { RunFile } from "../runs/run-file.ts";
import { type AvailableImages, describeImages, digitsId, type ReadImages } from "./available-images.ts";
import type { Engine, EngineTrainer } from "./engine.ts";
import { filterSamples } from "./filter-samples.ts";
import type { FilterSamples } from "./filter-service.ts";
import type { DenoisedImages, ImageRequest } from "./image-service.ts";
import { ImageWork } from "./image-work.ts";
import type { Codes, Filters, FilterWish } from "./inside-service.ts";
import { InsideWork } from "./inside-work.ts";
import type { ModelSource } from "./model-source.ts";
import { ModelTeller } from "./model-teller.ts";
import { Models } from "./models.ts";
import { openEngine } from "./open-engine.ts";
import { readOwnImages } from "./own-images.ts";
import type { PictureReader, PicturesListener, PicturesOrder } from "./own-pictures-service.ts";
import { OwnPicturesWork } from "./own-pictures-work.ts";
import type { DenoisedPicture, DenoiseRequest, ShareListener } from "./picture-service.ts";
import { type PictureTools, PictureWork } from "./picture-work.ts";
import { readDigits } from "./read-digits.ts";
import { readPicture } from "./read-picture.ts";
import { readRun } from "./read-run.ts";
import { SampleScorer } from "./sample-scores.ts";
import type {
  ImagesSummary,
  Laboratory,
  OpenOptions,
  Pictures,
  ShownChoice,
  TrainingEvent,
  TrainingListener,
  TrainingService,
} from "./training-service.ts";

/** Milliseconds from one report of the progress to the next. */
const reportInterval = 100;

/** Milliseconds from one picture to the next where epochs are short: more than the eye follows is lost work. */
const shortestLook = 50;

/** Milliseconds after which an epoch is interrupted for a picture, so that slow ones can be watched too. */
const longestLook = 1000;

/** Offers that are kept: one that is about to start a run, and one that came meanwhile. */
const keptOffers = 2;

/** What is there once `open` is done. */
interface Tools {
  readonly engine: Engine;
  readonly digits: AvailableImages;
  readonly models: Models;
  readonly listener: TrainingListener;
}

/** The training Worker's side: one engine, one run at a time, one command after the other. */
export class TrainingSession implements TrainingService {
  #tools: Tools | undefined;
  #trainer: EngineTrainer | undefined;
  /** The images of the run. */
  #images: AvailableImages | undefined;
  /** The images that were offered last, the newest first: those before them may be about to start a run. */
  #offered: readonly AvailableImages[] = [];
  #offers = 0;
  #shown: readonly number[] = [];
  #scorer: SampleScorer | undefined;
  #modelTeller: ModelTeller | undefined;
  readonly #pictures = new PictureWork();
  readonly #ownPictures = new OwnPicturesWork();
  readonly #inside = new InsideWork((work) =>
    this.#inTurn(({ engine }) => work({ engine, trainer: this.#trainer, images: this.#images?.summary })),
  );
  readonly #imageWork = new ImageWork({
    engine: () => this.#opened.engine,
    readModel: (source) => this.#readModel(source),
    withRun: (work) => this.#inTurn(() => work(this.#trainer)),
  });
  #commands: Promise<unknown> = Promise.resolve();
  /** Commands whose turn has not come. */
  #waiting = 0;
  /** The call of `train` that is to go on. */
  #wanted: symbol | undefined;
  /** Ends the epoch under way before its end: to pause, or to take a look at it and go on. */
  #interruption = new AbortController();
  #reported = 0;
  #looked = 0;

  async open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory> {
    const tell = (event: TrainingEvent) => void listener(event);
    const [{ engine, fallbackReason }, data] = await Promise.all([
      openEngine(options, tell),
      readDigits(options.base),
    ]);
    const digits = await describeImages(digitsId, { files: [], data });
    this.#tools = { engine, digits, models: new Models(options.base), listener };
    const { adapter, backend, profiler } = engine;
    return { backend, fallbackReason, adapter, profiled: profiler !== undefined, digits: digits.summary };
  }

  async offer(files: readonly File[]): Promise<ImagesSummary> {
    const id = this.#nextOffer();
    return this.#keepOffer(id, await readOwnImages(files));
  }

  async offerPictures(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
  ): Promise<ImagesSummary | undefined> {
    const id = this.#nextOffer();
    const images = await this.#ownPictures.read(order, read, listener);
    return images && this.#keepOffer(id, images);
  }

  cancelPictures(): void {
    this.#ownPictures.cancel();
  }

  start(spec: TrainingSpec, id: number): Promise<void> {
    return this.#inTurn(async ({ engine, digits }) => {
      const images = [digits, this.#images, ...this.#offered].find((known) => known?.summary.id === id);
      if (!images)
        throw new InputError("These images are gone, since others were chosen: choose them again.");
      const trainer = await engine.createTrainer(spec, images.data);
      this.#inside.leave();
      this.#trainer?.destroy();
      this.#trainer = trainer;
      if (images !== this.#images) this.#shown = [];
      this.#images = images;
      this.#offered = this.#offered.filter(({ summary }) => summary.id > id);
      this.#scorer?.stop();
      this.#scorer = new SampleScorer(trainer, images.summary, (scores) =>
        this.#tell({ kind: "scores", scores }),
      );
      this.#modelTeller = new ModelTeller(trainer, (model) =>
        this.#tell(transfer({ kind: "model", model } as const, [model.bytes.buffer])),
      );
      engine.profiler?.clear();
      await this.#look();
      await this.#scorer.score();
      await this.#report();
    });
  }

  async train(): Promise<void> {
    const call = Symbol();
    this.#wanted = call;
    try {
      do await this.#inTurn(() => this.#trainUntilInterrupted(call));
      while (this.#wanted === call && this.#unfinished);
    } finally {
      if (this.#wanted === call) this.#wanted = undefined;
    }
    await this.#inTurn(() => this.#report());
  }

  pause(): void {
    this.#wanted = undefined;
    this.#interruption.abort();
  }

  step(): Promise<void> {
    return this.#inTurn(async () => {
      const report = await this.#trainer?.step();
      if (report?.epochReport) this.#tell({ kind: "epoch", record: report.epochReport.record });
      await this.#look();
      if (report?.epochReport) await this.#scorer?.scoreNow();
      if (report?.epochReport) await this.#modelTeller?.tellNow();
      await this.#report();
    });
  }

  async show({ id, images }: ShownChoice): Promise<void> {
    if (id !== this.#images?.summary.id) return;
    this.#shown = images;
    if (this.#wanted) this.#interruption.abort();
    else await this.#inTurn(() => this.#look());
  }

  async readFilterSamples(id: number): Promise<FilterSamples | undefined> {
    const [images, trainer] = [this.#images, this.#trainer];
    return images && trainer && images.summary.id === id ? filterSamples(images, trainer.spec) : undefined;
  }

  tellModel(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#modelTeller?.tellNow();
      await this.#report();
    });
  }

  async readRun(file: File): Promise<RunFile> {
    const found = await readRun(file);
    return found.model ? transfer(found, [found.model.bytes.buffer]) : found;
  }

  async readPicture(file: File): Promise<Pixels> {
    const pixels = await readPicture(file);
    return transfer(pixels, [pixels.rgba.buffer]);
  }

  async readModel(source: ModelSource): Promise<NetworkSpec> {
    return (await this.#readModel(source)).network;
  }

  async denoiseImages(request: ImageRequest): Promise<DenoisedImages> {
    const denoised = await this.#imageWork.denoise(request);
    return transfer(denoised, [denoised.images.buffer]);
  }

  async denoisePicture(
    request: DenoiseRequest,
    onShare: ShareListener,
  ): Promise<DenoisedPicture | undefined> {
    const tools = this.#pictureTools(request.model);
    const denoised = await this.#pictures.denoise(request, tools, onShare);
    return denoised && transfer(denoised, [denoised.before.rgba.buffer, denoised.after.rgba.buffer]);
  }

  cancelPicture(): void {
    this.#pictures.cancel();
  }

  async readFilters(wish: FilterWish): Promise<Filters> {
    const filters = await this.#inside.readFilters(wish);
    return transfer(filters, [filters.weights.buffer]);
  }

  async readCodes(): Promise<Codes> {
    const codes = await this.#inside.readCodes();
    return transfer(codes, [codes.clean.buffer, codes.codes.buffer]);
  }

  async decodeCodes(codes: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const pictures = await this.#inside.decode(codes);
    return transfer(pictures, [pictures.buffer]);
  }

  leaveInside(): void {
    this.#inside.leave();
  }

  #nextOffer(): number {
    this.#offers += 1;
    return digitsId + this.#offers;
  }

  async #keepOffer(id: number, images: ReadImages): Promise<ImagesSummary> {
    const offered = await describeImages(id, images);
    // Files that were offered later may have been read sooner.
    const newestFirst = [offered, ...this.#offered].sort((a, b) => b.summary.id - a.summary.id);
    this.#offered = newestFirst.slice(0, keptOffers);
    return offered.summary;
  }

  async #pictureTools(source?: ModelSource): Promise<PictureTools> {
    const { engine } = this.#opened;
    if (source) return { engine, model: await this.#readModel(source), progress: undefined };
    return this.#inTurn(async () => {
      if (!this.#trainer)
        throw new Error("A picture was to be denoised by a run that the Worker does not have.");
      return { engine, model: await this.#trainer.weights(), progress: this.#trainer.progress };
    });
  }

  async #readModel(source: ModelSource): Promise<Model> {
    return this.#opened.models.read(source);
  }

  get #opened(): Tools {
    if (!this.#tools) throw new Error("The training Worker was given work before it was opened.");
    return this.#tools;
  }

  get #unfinished(): boolean {
    const { epoch, epochs } = this.#trainer?.progress ?? { epoch: 0, epochs: 0 };
    return epoch < epochs;
  }

  async #trainUntilInterrupted(call: symbol): Promise<void> {
    if (this.#wanted !== call) return;
    this.#interruption = new AbortController();
    const epochs = this.#trainer?.epochs(this.#interruption.signal, () => this.#watch()) ?? [];
    for await (const { record } of epochs) {
      this.#tell({ kind: "epoch", record });
      if (performance.now() - this.#looked >= shortestLook) await this.#look();
      await this.#scorer?.score();
      await this.#modelTeller?.tell();
    }
    await this.#look();
    const stays = this.#wanted !== call || !this.#unfinished;
    if (stays && this.#trainer?.progress.step === 0) await this.#scorer?.scoreNow();
    if (stays) await this.#modelTeller?.tellNow();
  }

  /** Called after every submit of an epoch. */
  #watch(): void {
    const now = performance.now();
    if (this.#waiting > 0 || now - this.#looked >= longestLook) this.#interruption.abort();
    if (now - this.#reported >= reportInterval) void this.#report();
  }

  /** Pictures the images that are to be shown; once more if others were chosen meanwhile. */
  async #look(): Promise<void> {
    let images: readonly number[];
    do {
      images = this.#shown;
      if (!this.#trainer || !this.#images || images.length === 0) return;
      const { rows, columns, labels } = this.#images.summary;
      const { clean, noisy, denoised } = await this.#trainer.preview(images);
      const shown = { images, labels: labels && images.map((image) => labels[image] ?? 0) };
      const pictures: Pictures = { ...shown, rows, columns, clean, noisy, denoised };
      const event: TrainingEvent = { kind: "pictures", pictures };
      this.#tell(transfer(event, [clean.buffer, noisy.buffer, denoised.buffer]));
    } while (images !== this.#shown);
    const { profiler } = this.#tools?.engine ?? {};
    if (profiler) this.#tell({ kind: "kernels", kernels: profiler.table() });
    this.#looked = performance.now();
  }

  /** Tells where the run stands. Once awaited, the page knows this and all that was told before. */
  async #report(): Promise<void> {
    const progress: Progress | undefined = this.#trainer?.progress;
    this.#reported = performance.now();
    if (progress) await this.#tools?.listener({ kind: "progress", progress });
  }

  #tell(event: TrainingEvent): void {
    void this.#tools?.listener(event);
  }

  /**
   * Does `work` when all commands before it are done, for the trainer's methods must not overlap. A run that trains gives way
   * after the steps under way, and then goes on.
   */
  #inTurn<T>(work: (tools: Tools) => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const turn = this.#commands.then(() => {
      this.#waiting -= 1;
      return work(this.#opened);
    });
    this.#commands = turn.catch(() => {});
    return turn;
  }
}
