import type { AdapterSummary } from "../gpu/adapter.ts";
import type { KernelTime } from "../gpu/profiler.ts";
import type { Family } from "../kernels/family.ts";
import type { TrainingSpec } from "../spec/training.ts";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import type { FilterSamples } from "./filter-service.ts";
import type { ImageService } from "./image-service.ts";
import type { ImagesSummary } from "./images/summary.ts";
import type { InsideService } from "./inside-service.ts";
import type { OwnPicturesService } from "./own-pictures-service.ts";
import type { PictureService } from "./picture-service.ts";
import type { Backend } from "./run/backend.ts";
import type { SavedPlace } from "./runs/run-database.ts";
import type { RunFile } from "./runs/run-file.ts";
import type { ToldModel } from "./runs/run-record.ts";
import type { ModelSource } from "./worker/model-source.ts";
import type { SampleScores } from "./worker/run-reports.ts";

/** What the page and the training Worker say to each other; nothing else passes between them. */
export interface TrainingService extends PictureService, ImageService, InsideService, OwnPicturesService {
  /**
   * Opens the GPU, or the CPU, and reads the digits; called once, before all else. Throws a GpuError where the GPU alone is
   * wanted and cannot be had.
   */
  open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory>;
  /**
   * Reads a person's files and keeps their images at hand, in the place of those that were offered before but not used.
   * Throws an InputError that names the file when one cannot be used; all that was there stays.
   */
  offer(files: readonly File[]): Promise<ImagesSummary>;
  /**
   * Puts a new, untrained run on these images, by their `id`, in the place of the old one, which stays when the settings
   * cannot be used. With other images nothing is pictured until some are chosen. From its first epoch on the run is saved under
   * `run`, as soon as the page keeps it.
   */
  start(spec: TrainingSpec, images: number, run: string): Promise<void>;
  /**
   * Puts a saved run in the place of the old one, where it stood; on these images, which must be those that it had. Throws an
   * InputError that says why that cannot be, and the old run stays.
   */
  resume(run: SavedRun, images: number): Promise<ResumedRun>;
  /** Saves the run as it stands, if it is one to be gone on with; resolves when it is on the disk. */
  save(): Promise<void>;
  /** Where the run can go on that cannot as it stands; undefined where there is nothing to go on from. */
  readLastGood(): Promise<GoodPlace | undefined>;
  /**
   * Goes on from there with other settings of the optimizer, or with something else to compute; throws an InputError or a
   * GpuError where that cannot be. The run is saved under `wish.run` from then on.
   */
  goOn(wish: GoOnWish): Promise<GoneOn>;
  /** Prepares the run's first step, so that it can be done at once; other things may be asked meanwhile. Scores follow it. */
  prepare(): Promise<void>;
  /** Trains until all epochs are done or `pause` is called. */
  train(): Promise<void>;
  /** Ends `train` after the steps under way. */
  pause(): void;
  /** Does one training step. */
  step(): Promise<void>;
  /** Images under the run's noise, for filters to be tuned and scored on; undefined if the run has other images by now. */
  readFilterSamples(id: number): Promise<FilterSamples | undefined>;
  /** Tells of the run's weights as they are now, if an epoch is done. */
  tellModel(): Promise<void>;
  /** Reads a run file; throws an InputError that names the file when it cannot be used. */
  readRun(file: File): Promise<RunFile>;
  /** Chooses the validation images that are pictured from now on; does nothing if the run has other images by now. */
  show(choice: ShownChoice): Promise<void>;
}

export interface OpenOptions {
  /** What is to compute; the GPU if left out, and the CPU where there is none. */
  readonly backend?: Backend | undefined;
  /** The address that `digits/` and `models/` lie at. */
  readonly base: string;
  /** Whether to measure every launch, which slows training down. */
  readonly profile: boolean;
  /** How to compute products, instead of the way that proves fastest. */
  readonly kernels?: Family | undefined;
  /** The ways that proved fastest before. */
  readonly rememberedKernels: Readonly<Record<string, string>>;
  /** What the first run will be like, if it is known. */
  readonly spec?: TrainingSpec | undefined;
  /** A network that will be asked for as soon as that run can be looked at. */
  readonly model?: ModelSource | undefined;
}

/** A run that was saved, as the page keeps it. */
export interface SavedRun {
  readonly id: string;
  /** To call it in messages. */
  readonly name: string;
}

/** A saved run that is there again. */
export interface ResumedRun {
  readonly spec: TrainingSpec;
  readonly epochs: readonly EpochRecord[];
  /** As it stands, within an epoch too; undefined before the first is done. */
  readonly scores: SampleScores | undefined;
  /** What is to be said of it: a sentence each. */
  readonly remarks: readonly string[];
}

/** Epochs that are done, and steps of the one under way. */
export type GoodPlace = Pick<Progress, "epoch" | "step">;

/** How a run is to go on that cannot as it stands. */
export interface GoOnWish {
  readonly backend: Backend;
  readonly spec: TrainingSpec;
  readonly run: string;
}

/** A run that went on. */
export interface GoneOn {
  readonly engine: Pick<Laboratory, "backend" | "adapter" | "profiled">;
  readonly epochs: readonly EpochRecord[];
  /** As in ResumedRun. */
  readonly scores: SampleScores | undefined;
}

/** What there is to work with. */
export interface Laboratory {
  readonly backend: Backend;
  /** Why the CPU computes although nobody asked for it: one sentence. */
  readonly fallbackReason: string | undefined;
  readonly adapter: AdapterSummary;
  /** Whether launches are measured. */
  readonly profiled: boolean;
  /** The digits that come with the page. */
  readonly digits: ImagesSummary;
}

/** Validation images, by their numbers, of the images with this `id`. */
export interface ShownChoice {
  readonly id: number;
  readonly images: readonly number[];
}

/** Told of everything that happens to a run. Its promise says that the page knows. */
export type TrainingListener = (event: TrainingEvent) => void | Promise<void>;

export type TrainingEvent =
  /** At most some ten times a second, and at the end of every command. */
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "epoch"; readonly record: EpochRecord }
  | { readonly kind: "pictures"; readonly pictures: Pictures }
  /** Of a new run, and then at most about once a second; always when it stops at an epoch's end. */
  | { readonly kind: "scores"; readonly scores: SampleScores }
  /** After the first epoch, then at most about twice a minute; always when it stops. */
  | { readonly kind: "model"; readonly model: ToldModel }
  | { readonly kind: "launches"; readonly launches: readonly PlacedLaunch[] }
  | { readonly kind: "kernels"; readonly kernels: readonly KernelTime[] }
  /** The device was lost, and the run goes on on another one: one sentence. */
  | { readonly kind: "recovered"; readonly sentence: string; readonly adapter: AdapterSummary }
  /** The run is on the disk as it stood there. */
  | { readonly kind: "saved"; readonly place: SavedPlace }
  /** The run could not be saved: one sentence; and whether what was saved of it is gone as well. */
  | { readonly kind: "unsaved"; readonly run: string; readonly fault: string; readonly gone: boolean }
  /** A way of computing products proved fastest, to be remembered. */
  | { readonly kind: "fastest"; readonly key: string; readonly family: Family };

/** Validation images before and after the network, and as they are without noise. */
export interface Pictures {
  /** Their numbers. */
  readonly images: readonly number[];
  /** [images]; undefined where they have none. */
  readonly labels: readonly number[] | undefined;
  readonly rows: number;
  readonly columns: number;
  /** [images, rows, columns] in [0, 1] */
  readonly clean: Float32Array<ArrayBuffer>;
  /** [images, rows, columns], unclipped where the noise is */
  readonly noisy: Float32Array<ArrayBuffer>;
  /** [images, rows, columns] in [0, 1] */
  readonly denoised: Float32Array<ArrayBuffer>;
}

/** A measured launch on the clock that page and Worker share: milliseconds since 1970. */
export interface PlacedLaunch {
  readonly label: string;
  readonly kernel: string;
  readonly start: number;
  readonly duration: number;
}
