import { transfer } from "comlink";
import type { ImageSet } from "../../data/image-set.ts";
import { Gpu } from "../../gpu/gpu.ts";
import { Profiler } from "../../gpu/profiler.ts";
import type { Family } from "../../kernels/family.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import type { FamilyMemory } from "../../training/family-memory.ts";
import type { TrainingData } from "../../training/run-resources.ts";
import { type Progress, Trainer } from "../../training/trainer.ts";
import { GpuClock } from "./gpu-clock.ts";
import { readDigits } from "./read-digits.ts";
import type {
  Laboratory,
  OpenOptions,
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

/** What is there once `open` is done. */
interface Tools {
  readonly gpu: Gpu;
  readonly data: TrainingData;
  readonly profiler: Profiler | undefined;
  readonly listener: TrainingListener;
  readonly family: Family | undefined;
  readonly memory: FamilyMemory;
}

/** The training Worker's side: one GPU, one run at a time, one command after the other. */
export class TrainingSession implements TrainingService {
  #tools: Tools | undefined;
  #trainer: Trainer | undefined;
  #shown: readonly number[] = [];
  #commands: Promise<unknown> = Promise.resolve();
  /** Whether `train` is to go on. */
  #wanted = false;
  /** Ends the epoch under way before its end: to pause, or to take a look at it and go on. */
  #interruption = new AbortController();
  #reported = 0;
  #looked = 0;

  async open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory> {
    const { base, profile, kernels, rememberedKernels } = options;
    const [gpu, data] = await Promise.all([Gpu.open(navigator.gpu), readDigits(base)]);
    const profiler = profile ? this.#createProfiler(gpu) : undefined;
    const remembered = new Map(Object.entries(rememberedKernels));
    const memory: FamilyMemory = {
      recall: async (key) => remembered.get(key),
      remember: async (key, family) => {
        remembered.set(key, family);
        this.#tell({ kind: "fastest", key, family });
      },
    };
    this.#tools = { gpu, data, profiler, listener, family: kernels, memory };
    return {
      adapter: gpu.adapter,
      trainingImages: data.train.count,
      validation: withoutName(data.validation),
      profiled: profiler !== undefined,
    };
  }

  start(spec: TrainingSpec): Promise<void> {
    return this.#inTurn(async ({ gpu, data, profiler, family, memory }) => {
      const trainer = await Trainer.create(gpu, spec, data, { profiler, family, memory });
      this.#trainer?.destroy();
      this.#trainer = trainer;
      profiler?.clear();
      await this.#look();
      await this.#report();
    });
  }

  train(): Promise<void> {
    this.#wanted = true;
    return this.#inTurn(async () => {
      try {
        while (this.#wanted && this.#unfinished) await this.#trainUntilInterrupted();
      } finally {
        this.#wanted = false;
      }
      await this.#report();
    });
  }

  pause(): void {
    this.#wanted = false;
    this.#interruption.abort();
  }

  step(): Promise<void> {
    return this.#inTurn(async () => {
      const report = await this.#trainer?.step();
      if (report?.epochReport) this.#tell({ kind: "epoch", record: report.epochReport.record });
      await this.#look();
      await this.#report();
    });
  }

  async show(images: readonly number[]): Promise<void> {
    this.#shown = images;
    if (this.#wanted) this.#interruption.abort();
    else await this.#inTurn(() => this.#look());
  }

  get #unfinished(): boolean {
    const { epoch, epochs } = this.#trainer?.progress ?? { epoch: 0, epochs: 0 };
    return epoch < epochs;
  }

  async #trainUntilInterrupted(): Promise<void> {
    this.#interruption = new AbortController();
    const epochs = this.#trainer?.epochs(this.#interruption.signal, () => this.#watch()) ?? [];
    for await (const { record } of epochs) {
      this.#tell({ kind: "epoch", record });
      if (performance.now() - this.#looked >= shortestLook) await this.#look();
    }
    await this.#look();
  }

  /** Called after every submit of an epoch. */
  #watch(): void {
    const now = performance.now();
    if (now - this.#looked >= longestLook) this.#interruption.abort();
    if (now - this.#reported >= reportInterval) void this.#report();
  }

  /** Pictures the images that are to be shown; once more if others were chosen meanwhile. */
  async #look(): Promise<void> {
    let images: readonly number[];
    do {
      images = this.#shown;
      if (!this.#trainer || images.length === 0) return;
      const { noisy, denoised } = await this.#trainer.preview(images);
      const event: TrainingEvent = { kind: "pictures", pictures: { images, noisy, denoised } };
      this.#tell(transfer(event, [noisy.buffer, denoised.buffer]));
    } while (images !== this.#shown);
    const { profiler } = this.#tools ?? {};
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

  #createProfiler(gpu: Gpu): Profiler | undefined {
    const clock = new GpuClock();
    return Profiler.create(gpu, (launches) => {
      const now = performance.timeOrigin + performance.now();
      this.#tell({ kind: "launches", launches: clock.place(launches, now) });
    });
  }

  /** Does `work` when all commands before it are done, for the trainer's methods must not overlap. */
  #inTurn(work: (tools: Tools) => Promise<void>): Promise<void> {
    const turn = this.#commands.then(() => {
      if (!this.#tools) throw new Error("The training Worker was given work before it was opened.");
      return work(this.#tools);
    });
    this.#commands = turn.catch(() => {});
    return turn;
  }
}

function withoutName({ count, rows, columns, pixels, labels }: ImageSet): Laboratory["validation"] {
  return { count, rows, columns, pixels, labels: labels ?? new Uint8Array(count) };
}
