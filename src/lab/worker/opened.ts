import type { Device, Launch, Profiler } from "../../device/device.ts";
import { DeviceError } from "../../device/device-error.ts";
import { type Engine, sole } from "../../engine/engine.ts";
import { openCpu } from "../../engine/open-cpu.ts";
import { type OpenedEngine, openEngine } from "../../engine/open-engine.ts";
import { Gpu } from "../../gpu/gpu.ts";
import { InputError } from "../../spec/input-error.ts";
import { compileLook } from "../../training/look-kernels.ts";
import { Turns } from "../../training/turns.ts";
import type { ModelSource } from "../denoise/protocol.ts";
import type { ImagesSummary } from "../images/summary.ts";
import type { Laboratory, OpenOptions, PlacedLaunch, TrainingEvent, TrainingListener } from "../protocol.ts";
import { type AvailableImages, describeImages, digitsId, OfferedImages, readDigits } from "./images.ts";
import { type BlendedModel, Models } from "./models.ts";
import type { TrainingRun } from "./training-run.ts";
import { WorkerRun } from "./worker-run.ts";

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
  readonly #current = new WorkerRun();
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

  protected get current(): WorkerRun {
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

  protected modelOf(source: ModelSource): Promise<BlendedModel> {
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

/** The page's engine, and the reason for its choice. */
type PageEngine = OpenedEngine & Pick<Laboratory, "replacesSoftware">;

/**
 * Opens the engine that the page requests; by default a real GPU, otherwise the CPU. Throws a DeviceError if the requested one
 * is not available.
 */
async function openPageEngine(
  { backend, threads, kernels, profile, rememberedKernels, spec }: OpenOptions,
  tell: (event: TrainingEvent) => void,
): Promise<PageEngine> {
  const remembered = new Map(Object.entries(rememberedKernels));
  let first = true;
  let software = false;
  const opened = await openEngine({
    backend,
    family: kernels,
    memory: {
      recall: async (key) => remembered.get(key),
      remember: async (key, family) => {
        remembered.set(key, family);
        tell({ kind: "fastest", key, family });
      },
    },
    openCpu: async () => sole(await openCpu({ threads })),
    openGpu: async () => {
      checkSupport();
      const gpu = await Gpu.open(navigator.gpu);
      software = gpu.adapter.software;
      // Compiled while the digits are read, which are the first run's images.
      const inUse = backend === "gpu" || !software;
      if (first && spec && inUse) compileLook(gpu, spec);
      first = false;
      return sole(gpu);
    },
    ...(profile && { profilerOf: (device: Device) => createProfiler(device, tell) }),
    onRecovery: (sentence, adapter) => tell({ kind: "recovered", sentence, adapter }),
    // The page requests a preview of the run first; the user may press buttons meanwhile.
    compileLater: true,
  });
  return { ...opened, replacesSoftware: software && opened.engine.backend === "cpu" };
}

/** Throws a DeviceError if WebGPU is not available to this page. */
function checkSupport(): void {
  if (!self.isSecureContext) {
    throw new DeviceError(
      "Browsers offer WebGPU only to pages from https or localhost, and this page came over plain http.",
      "unavailable",
    );
  }
  if (!navigator.gpu) throw new DeviceError("This browser does not offer WebGPU.", "unavailable");
}

function createProfiler(device: Device, tell: (event: TrainingEvent) => void): Profiler | undefined {
  const clock = new LaunchClock();
  return device.createProfiler((launches) => {
    const now = performance.timeOrigin + performance.now();
    tell({ kind: "launches", launches: clock.place(launches, now) });
  });
}

/**
 * Converts the times of launches from the device's clock to the clock that page and Worker share. The end of a submit is
 * noticed after its last launch ended, never before: the smallest such delay of all submits is the best estimate.
 */
export class LaunchClock {
  #offset = Number.POSITIVE_INFINITY;

  /** `now`: the time at which the end of the launches, which are in order, was noticed, in milliseconds since 1970. */
  place(launches: readonly Launch[], now: number): PlacedLaunch[] {
    const end = Math.max(...launches.map(({ start, duration }) => start + duration));
    this.#offset = Math.min(this.#offset, now - end);
    return launches.map((launch) => ({ ...launch, start: launch.start + this.#offset }));
  }
}
