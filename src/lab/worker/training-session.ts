import { transfer } from "comlink";
import type { Engine } from "../../engine/engine.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Model, NetworkSpec } from "../../spec/network.ts";
import type { TrainingSpec } from "../../spec/settings.ts";
import { Turns } from "../../training/turns.ts";
import type {
  DenoisedImages,
  DenoisedPicture,
  DenoiseRequest,
  ImageRequest,
  ModelSource,
  ShareListener,
} from "../denoise/protocol.ts";
import type { SortedPaths } from "../images/own-pictures.ts";
import type { PictureReader, PicturesListener, PicturesOrder, ShownChoice } from "../images/protocol.ts";
import type { ImagesSummary } from "../images/summary.ts";
import type {
  Channels,
  ChannelWish,
  Codes,
  Filters,
  FilterWish,
  Kernels,
  KernelWish,
} from "../inside/protocol.ts";
import type {
  GoneOn,
  GoOnWish,
  GoodPlace,
  Laboratory,
  OpenOptions,
  ResumedRun,
  SavedRun,
  TrainingEvent,
  TrainingListener,
  TrainingService,
} from "../protocol.ts";
import type { FilterSamples } from "../results/protocol.ts";
import type { RunFile } from "../runs/run-file.ts";
import type { Pixels } from "../shared/pixels.ts";
import { CurrentRun } from "./current-run.ts";
import { ImageWork } from "./denoise-images.ts";
import { type PictureTools, PictureWork, readPicture } from "./denoise-pictures.ts";
import { filterSamples } from "./filters.ts";
import { readOwnImages } from "./image-files.ts";
import { type AvailableImages, describeImages, digitsId, OfferedImages, readDigits } from "./images.ts";
import { InsideWork } from "./inside.ts";
import { Models, readRun } from "./models.ts";
import { OwnPicturesWork, sortPaths } from "./own-pictures.ts";
import { openPageEngine } from "./page-engine.ts";
import type { TrainingRun } from "./training-run.ts";

/** What `open` has opened. */
interface Tools {
  readonly engine: Engine;
  /** Opens the CPU in place of an engine that no longer works. */
  readonly openCpu: () => Promise<Engine>;
  readonly digits: AvailableImages;
  readonly models: Models;
  readonly listener: TrainingListener;
}

/** The training Worker's service: one engine, one run at a time, one command after the other. */
export class TrainingSession implements TrainingService {
  #tools: Tools | undefined;
  readonly #current = new CurrentRun();
  /** The call of `train` that is to continue. */
  #wanted: symbol | undefined;
  readonly #turns = new Turns();
  readonly #offered = new OfferedImages();
  readonly #pictures = new PictureWork();
  readonly #ownPictures = new OwnPicturesWork();
  readonly #inside = new InsideWork((work) =>
    this.#inTurn(({ engine }) =>
      work({ engine, trainer: this.#run?.trainer, images: this.#run?.images.summary }),
    ),
  );
  readonly #imageWork = new ImageWork({
    engine: () => this.#opened.engine,
    readModel: (source) => this.#readModel(source),
    withRun: (work) => this.#inTurn(() => work(this.#run?.trainer)),
  });

  async open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory> {
    const tell = (event: TrainingEvent) => void listener(event);
    const models = new Models(options.base);
    const [{ engine, ...reasons }, data] = await Promise.all([
      openPageEngine(options, tell),
      readDigits(options.base),
    ]);
    // If this fails, it is tried again when it is requested, and the error is reported then.
    if (options.model) models.read(options.model).catch(() => {});
    const digits = await describeImages(digitsId, { files: [], data });
    const openCpu = async () => (await openPageEngine({ ...options, backend: "cpu" }, tell)).engine;
    this.#tools = { engine, openCpu, digits, models, listener };
    const { adapter, backend, profiles } = engine;
    return { backend, ...reasons, adapter, profiled: profiles, digits: digits.summary };
  }

  async offer(files: readonly File[]): Promise<ImagesSummary> {
    const id = this.#offered.nextId();
    return this.#offered.keep(id, await readOwnImages(files));
  }

  async sortPaths(paths: readonly string[]): Promise<SortedPaths> {
    return sortPaths(paths);
  }

  async offerPictures(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
  ): Promise<ImagesSummary | undefined> {
    const id = this.#offered.nextId();
    const images = await this.#ownPictures.read(order, read, listener);
    return images && this.#offered.keep(id, images);
  }

  cancelPictures(): void {
    this.#ownPictures.cancel();
  }

  start(spec: TrainingSpec, id: number, run: string): Promise<void> {
    return this.#inTurn(async (tools) => {
      await this.#current.start(tools, spec, this.#imagesOf(tools, id), run);
      this.#runReplaced(id);
    });
  }

  resume(run: SavedRun, id: number): Promise<ResumedRun> {
    return this.#inTurn(async (tools) => {
      const resumed = await this.#current.resume(tools, run, this.#imagesOf(tools, id));
      this.#runReplaced(id);
      return resumed;
    });
  }

  async readLastGood(): Promise<GoodPlace | undefined> {
    const { state } = this.#run?.lastGood ?? {};
    return state && { epoch: state.epoch, step: state.step };
  }

  goOn({ backend, spec, run }: GoOnWish): Promise<GoneOn> {
    return this.#inTurn(async (tools) => {
      const before = tools.engine;
      const engine = backend === "cpu" && before.backend !== "cpu" ? await tools.openCpu() : before;
      const goneOn = await this.#current.goOn({ ...tools, engine }, spec, run);
      this.#inside.leave();
      if (engine !== before) {
        this.#tools = { ...tools, engine };
        this.#imageWork.leave();
        before.close();
      }
      const { adapter, profiles } = engine;
      return { ...goneOn, engine: { backend: engine.backend, adapter, profiled: profiles } };
    });
  }

  save(): Promise<void> {
    return this.#inTurn(async () => this.#run?.save());
  }

  async prepare(): Promise<void> {
    await this.#run?.prepare();
  }

  async train(): Promise<void> {
    const call = Symbol();
    this.#wanted = call;
    const manners = {
      goesOn: () => this.#wanted === call,
      givesWay: () => this.#turns.waiting > 0,
    };
    try {
      do {
        await this.#inTurn(async () => {
          if (manners.goesOn()) await this.#run?.train(manners);
        });
      } while (manners.goesOn() && this.#run?.unfinished);
    } finally {
      if (this.#wanted === call) this.#wanted = undefined;
    }
    await this.#inTurn(async () => this.#run?.report());
  }

  pause(): void {
    this.#wanted = undefined;
    this.#run?.interrupt();
  }

  step(): Promise<void> {
    return this.#inTurn(async () => this.#run?.step());
  }

  async show({ id, images }: ShownChoice): Promise<void> {
    const run = this.#run;
    if (!run || id !== run.images.summary.id) return;
    run.shown = images;
    if (this.#wanted) run.interrupt();
    else await this.#inTurn(async () => this.#run?.look());
  }

  async readFilterSamples(id: number): Promise<FilterSamples | undefined> {
    // Filters are tuned on the processor, which may also compile for the GPU.
    let run: TrainingRun | undefined;
    do {
      run = this.#run;
      await run?.prepared;
    } while (run !== this.#run);
    return run?.images.summary.id === id ? filterSamples(run.images, run.trainer.spec) : undefined;
  }

  tellModel(): Promise<void> {
    return this.#inTurn(async () => this.#run?.tellModel());
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

  async readChannels(wish: ChannelWish): Promise<Channels> {
    const channels = await this.#inside.readChannels(wish);
    return transfer(
      channels,
      channels.layers.map(({ values }) => values.buffer),
    );
  }

  async readKernels(wish: KernelWish): Promise<Kernels> {
    return this.#inside.readKernels(wish);
  }

  leaveInside(): void {
    this.#inside.leave();
  }

  async #pictureTools(source?: ModelSource): Promise<PictureTools> {
    const { engine } = this.#opened;
    if (source) return { engine, model: await this.#readModel(source), progress: undefined };
    return this.#inTurn(async () => {
      const { trainer } = this.#run ?? {};
      if (!trainer)
        throw new Error("The Worker does not have the run that the picture was to be denoised with.");
      return { engine, model: await trainer.weights(), progress: trainer.progress };
    });
  }

  get #run(): TrainingRun | undefined {
    return this.#current.run;
  }

  #imagesOf({ digits }: Tools, id: number): AvailableImages {
    const known = [digits, this.#run?.images, this.#offered.find(id)];
    const images = known.find((found) => found?.summary.id === id);
    if (images) return images;
    throw new InputError("These images are gone, since others were chosen: choose them again.");
  }

  /** Frees what belonged to the previous run; the new one has the images with this `id`. */
  #runReplaced(id: number): void {
    this.#inside.leave();
    this.#offered.dropUpTo(id);
  }

  async #readModel(source: ModelSource): Promise<Model> {
    return this.#opened.models.read(source);
  }

  get #opened(): Tools {
    if (!this.#tools) throw new Error("The training Worker was given work before it was opened.");
    return this.#tools;
  }

  /**
   * Does `work` when all earlier commands are done, because the trainer's methods must not overlap. A run that trains
   * pauses after the current steps, and then continues.
   */
  #inTurn<T>(work: (tools: Tools) => Promise<T>): Promise<T> {
    return this.#turns.take(() => work(this.#opened));
  }
}
