import { expose, transfer } from "comlink";
import type { TrainingSpec } from "../../spec/settings.ts";
import type { SortedPaths } from "../images/own-pictures.ts";
import type { PictureReader, PicturesListener, PicturesOrder, ShownChoice } from "../images/protocol.ts";
import { comparedWith, type ImagesSummary } from "../images/summary.ts";
import type {
  FilterSamples,
  GoneOn,
  GoOnWish,
  GoodPlace,
  ResumedRun,
  SavedRun,
  TrainingService,
} from "../protocol.ts";
import type { RunFile } from "../runs/run-file.ts";
import { trustOwnAddresses } from "../shared/own-addresses.ts";
import { filterSamples } from "./filters.ts";
import { readRun } from "./models.ts";
import { NetworkSession } from "./network-session.ts";
import type { OwnPicturesWork } from "./own-pictures.ts";
import type { TrainingRun } from "./training-run.ts";

/** What reads the user's own images, loaded when it is first needed. */
const ownPictures = () => import("./own-pictures.ts");
const imageFiles = () => import("./image-files.ts");

/** The training Worker's service: one engine, one run at a time, one command after the other. */
class TrainingSession extends NetworkSession implements TrainingService {
  /** The call of `train` that is to continue. */
  #wanted: symbol | undefined;
  #ownPictures: Promise<OwnPicturesWork> | undefined;

  async offer(files: readonly File[], twins?: readonly File[]): Promise<ImagesSummary> {
    const id = this.offered.nextId();
    const { readOwnImages } = await imageFiles();
    return this.offered.keep(id, await readOwnImages(files, twins));
  }

  async sortPaths(paths: readonly string[], clean?: readonly string[]): Promise<SortedPaths> {
    return (await ownPictures()).sortPaths(paths, clean);
  }

  async offerPictures(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
    readTwins?: PictureReader,
  ): Promise<ImagesSummary | undefined> {
    const id = this.offered.nextId();
    this.#ownPictures ??= ownPictures().then(({ OwnPicturesWork }) => new OwnPicturesWork());
    const work = await this.#ownPictures;
    const images = await work.read(order, read, listener, readTwins);
    return images && this.offered.keep(id, images);
  }

  cancelPictures(): void {
    // After a call of read that waits for the same script.
    void this.#ownPictures?.then((work) => work.cancel());
  }

  start(spec: TrainingSpec, id: number, run: string): Promise<void> {
    return this.inTurn(async (tools) => {
      await this.current.start(tools, spec, this.imagesOf(id), run);
      this.#runReplaced(id);
    });
  }

  resume(run: SavedRun, id: number): Promise<ResumedRun> {
    return this.inTurn(async (tools) => {
      const resumed = await this.current.resume(tools, run, this.imagesOf(id));
      this.#runReplaced(id);
      return resumed;
    });
  }

  async readLastGood(): Promise<GoodPlace | undefined> {
    const { state } = this.run?.lastGood ?? {};
    return state && { epoch: state.epoch, step: state.step };
  }

  goOn({ backend, spec, run }: GoOnWish): Promise<GoneOn> {
    return this.inTurn(async (tools) => {
      const before = tools.engine;
      const engine = backend === "cpu" && before.backend !== "cpu" ? await this.openCpu() : before;
      const goneOn = await this.current.goOn({ ...tools, engine }, spec, run);
      this.leaveInside();
      if (engine !== before) {
        this.leaveEngine();
        this.replaceEngine(engine);
      }
      const { adapter, profiles } = engine;
      return { ...goneOn, engine: { backend: engine.backend, adapter, profiled: profiles } };
    });
  }

  save(): Promise<void> {
    return this.inTurn(async () => this.run?.save());
  }

  async prepare(): Promise<void> {
    await this.run?.prepare();
  }

  async train(): Promise<void> {
    const call = Symbol();
    this.#wanted = call;
    const manners = {
      goesOn: () => this.#wanted === call,
      givesWay: () => this.waiting > 0,
    };
    try {
      do {
        await this.inTurn(async () => {
          if (manners.goesOn()) await this.run?.train(manners);
        });
      } while (manners.goesOn() && this.run?.unfinished);
    } finally {
      if (this.#wanted === call) this.#wanted = undefined;
    }
    await this.inTurn(async () => this.run?.report());
  }

  pause(): void {
    this.#wanted = undefined;
    this.run?.interrupt();
  }

  step(): Promise<void> {
    return this.inTurn(async () => this.run?.step());
  }

  async show({ id, images }: ShownChoice): Promise<void> {
    const run = this.run;
    if (!run || id !== run.images.summary.id) return;
    run.shown = images;
    if (this.#wanted) run.interrupt();
    else await this.inTurn(async () => this.run?.look());
  }

  async readFilterSamples(id: number): Promise<FilterSamples | undefined> {
    // Filters are tuned on the processor, which may also compile for the GPU.
    let run: TrainingRun | undefined;
    do {
      run = this.run;
      await run?.prepared;
    } while (run !== this.run);
    if (run?.images.summary.id !== id || comparedWith(run.trainer.spec) === "nothing") return undefined;
    return filterSamples(run.images, run.trainer.spec);
  }

  tellModel(): Promise<void> {
    return this.inTurn(async () => this.run?.tellModel());
  }

  async readRun(file: File): Promise<RunFile> {
    const found = await readRun(file);
    return found.model ? transfer(found, [found.model.bytes.buffer]) : found;
  }

  /** Frees what belonged to the previous run; the new one has the images with this `id`. */
  #runReplaced(id: number): void {
    this.leaveInside();
    this.offered.dropUpTo(id);
  }
}

// The threads of the CPU engine are Workers of this one.
trustOwnAddresses();
expose(new TrainingSession());
