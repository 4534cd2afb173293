import type { Plane } from "../data/plane.ts";
import type { AdapterSummary } from "../device/adapter.ts";
import type { KernelTime } from "../device/device.ts";
import type { FilterPlace } from "../filtering/place-of-filters.ts";
import type { FilterName } from "../filters/filter.ts";
import type { Sample, TunedFilter } from "../filters/filter-tasks.ts";
import type { Family } from "../kernels/family.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import type { ImageService, ModelSource, PictureService } from "./denoise/protocol.ts";
import type { OwnPicturesService, Pictures, ShownChoice } from "./images/protocol.ts";
import type { ImagesSummary } from "./images/summary.ts";
import type { InsideService } from "./inside/protocol.ts";
import type { PriorService } from "./prior/protocol.ts";
import type { RunFile } from "./runs/run-file.ts";
import type { MeanScores, ToldModel } from "./runs/run-record.ts";
import type { SavedPlace } from "./runs/run-storage.ts";

/** The calls from the page to the training Worker; the Worker answers them and sends `TrainingEvent`s. */
export interface TrainingService
  extends PictureService,
    ImageService,
    InsideService,
    OwnPicturesService,
    PriorService {
  /** Opens the GPU, or the CPU; called once, before all other calls. Throws a DeviceError if the wanted device is not available. */
  open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory>;
  /** Reads the digits that come with the page. Throws an InputError that names the file if one cannot be loaded. */
  readDigits(): Promise<ImagesSummary>;
  /**
   * Reads the user's files, and those with noisy twins of their images in the same order, and keeps the images available, in place of those
   * that were offered before but not used. Throws an InputError that names the file if one cannot be used; nothing changes then.
   */
  offer(files: readonly File[], twins?: readonly File[]): Promise<ImagesSummary>;
  /**
   * Replaces the run by a new, untrained one on the images with this `id`; the old run stays if the settings
   * cannot be used. With other images no pictures are sent until some images are chosen. From its first epoch on the run is
   * saved under `run`, as soon as the page has stored the run.
   */
  start(spec: TrainingSpec, images: number, run: string): Promise<void>;
  /**
   * Replaces the run by a saved one, in the saved state, on these images, which must be its own. If this is impossible it throws
   * an InputError that says why, and the old run stays.
   */
  resume(run: SavedRun, images: number): Promise<ResumedRun>;
  /** Saves the run in its current state, unless it is finished or has diverged; resolves when it is on the disk. */
  save(): Promise<void>;
  /** From where a run that was stopped by an error can continue; undefined if it cannot. */
  readLastGood(): Promise<GoodPlace | undefined>;
  /**
   * Continues from there with other settings of the optimizer, or on another backend; throws an InputError or a
   * DeviceError if this is impossible. The run is saved under `wish.run` from then on.
   */
  goOn(wish: GoOnWish): Promise<GoneOn>;
  /** Prepares the run's first step, so that it can start at once; other calls are answered meanwhile. Scores are computed after it. */
  prepare(): Promise<void>;
  /** Trains until all epochs are done or `pause` is called. */
  train(): Promise<void>;
  /** Ends `train` after the submitted steps. */
  pause(): void;
  /** Does one training step. */
  step(): Promise<void>;
  /** Images with the run's noise, on which filters are tuned and scored; undefined if the run has other images by now, or no clean ones. */
  readFilterSamples(id: number): Promise<FilterSamples | undefined>;
  /** Sends the run's current weights, if an epoch is done. */
  tellModel(): Promise<void>;
  /** Reads a run file; throws an InputError that names the file if it cannot be used. */
  readRun(file: File): Promise<RunFile>;
  /** Chooses the validation images whose pictures are sent from now on; does nothing if the run has other images by now. */
  show(choice: ShownChoice): Promise<void>;
}

export interface OpenOptions {
  /** What is to compute. Default: a real GPU if there is one, otherwise the CPU. */
  readonly backend?: Backend | undefined;
  /** The number of threads if the CPU computes. Default: one per core if threads can share memory, otherwise one. */
  readonly threads?: number | undefined;
  /** The address of the folder that contains `digits/` and `models/`. */
  readonly base: string;
  /** Whether to measure every launch, which slows training down. */
  readonly profile: boolean;
  /** The family of kernels to use, instead of the fastest one. */
  readonly kernels?: Family | undefined;
  /** The families that were found fastest before. */
  readonly rememberedKernels: Readonly<Record<string, string>>;
  /** The settings of the first run, if it follows at once and they are known. */
  readonly spec?: TrainingSpec | undefined;
  /** A network that will be requested as soon as that run has a preview. */
  readonly model?: ModelSource | undefined;
}

/** A saved run, as the page stores it. */
export interface SavedRun {
  readonly id: string;
  /** Its name in messages. */
  readonly name: string;
}

/** A saved run that was loaded. */
export interface ResumedRun {
  readonly spec: TrainingSpec;
  readonly epochs: readonly EpochRecord[];
  /** The scores of its current state, also within an epoch; undefined before the first epoch is done, and without clean images. */
  readonly scores: SampleScores | undefined;
  /** Messages about it, one sentence each. */
  readonly remarks: readonly string[];
}

/** The number of epochs done, and of steps done in the current one. */
export type GoodPlace = Pick<Progress, "epoch" | "step">;

/** How a run that was stopped by an error is to continue. */
export interface GoOnWish {
  readonly backend: Backend;
  readonly spec: TrainingSpec;
  readonly run: string;
}

/** A run that was continued. */
export interface GoneOn {
  readonly engine: Pick<Laboratory, "backend" | "adapter" | "profiled">;
  readonly epochs: readonly EpochRecord[];
  /** As in ResumedRun. */
  readonly scores: SampleScores | undefined;
}

/** What the Worker has opened. */
export interface Laboratory {
  readonly backend: Backend;
  /** Why the CPU computes although `backend` is not "cpu": one sentence. */
  readonly fallbackReason: string | undefined;
  /** Whether the CPU computes instead of a software GPU, which `backend` "gpu" would use. */
  readonly replacesSoftware: boolean;
  readonly adapter: AdapterSummary;
  /** Whether launches are measured. */
  readonly profiled: boolean;
}

/** Receives all events of a run. Its promise resolves when the page has handled the event. */
export type TrainingListener = (event: TrainingEvent) => void | Promise<void>;

export type TrainingEvent =
  /** At most about ten times a second, and at the end of every command. */
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "epoch"; readonly record: EpochRecord }
  | { readonly kind: "pictures"; readonly pictures: Pictures }
  /** For a new run, and then at most about once a second; always when it stops at the end of an epoch. */
  | { readonly kind: "scores"; readonly scores: SampleScores }
  /** After the first epoch, then at most about twice a minute; always when it stops. */
  | { readonly kind: "model"; readonly model: ToldModel }
  | { readonly kind: "launches"; readonly launches: readonly PlacedLaunch[] }
  | { readonly kind: "kernels"; readonly kernels: readonly KernelTime[] }
  /** The device was lost, and the run continues on another one: one sentence. */
  | { readonly kind: "recovered"; readonly sentence: string; readonly adapter: AdapterSummary }
  /** The run's state at `place` is on the disk. */
  | { readonly kind: "saved"; readonly place: SavedPlace }
  /** The run could not be saved: one sentence; and whether its earlier checkpoints are gone too. */
  | { readonly kind: "unsaved"; readonly run: string; readonly fault: string; readonly gone: boolean }
  /** A family of kernels was found fastest; the page stores it. */
  | { readonly kind: "fastest"; readonly key: string; readonly family: Family };

/** A measured launch on the clock that page and Worker share: milliseconds since 1970. */
export interface PlacedLaunch {
  readonly label: string;
  readonly kernel: string;
  readonly start: number;
  readonly duration: number;
}

/** What computes. */
export type Backend = "gpu" | "cpu";

/** The messages between the page and the Worker of the classical filters. */
export interface FilterService {
  /**
   * Tunes every classical filter for a noise and scores it, one after the other, the fastest first;
   * called once. `place` is where filters with kernels run. Default: where they are fastest.
   */
  compare(samples: FilterSamples, listener: FilterListener, place?: FilterPlace): Promise<void>;
  /** Applies a tuned filter to a grey image; the result is in [0, 1]. Waits until the filter is tuned. */
  filterImage(filter: FilterName, noisy: Plane): Promise<Plane>;
}

/** Images with and without a run's noise. */
export interface FilterSamples {
  readonly noise: NoiseSpec;
  /** Training images, or the middle parts of large ones. */
  readonly tuned: readonly Sample[];
  /** The run's sample of validation images. */
  readonly scored: readonly Sample[];
}

/** Receives the filter that is being tuned, and its result. */
export type FilterListener = (event: FilterEvent) => void | Promise<void>;

export type FilterEvent =
  | { readonly kind: "tuning"; readonly filter: FilterName }
  | { readonly kind: "compared"; readonly result: FilterResult };

/** A tuned classical filter, and its scores on the run's sample. */
export interface FilterResult {
  readonly filter: FilterName;
  readonly tuned: TunedFilter;
  readonly scores: MeanScores;
}

/** A run's scores on its sample. */
export interface SampleScores {
  /** The number of epochs done. */
  readonly epoch: number;
  readonly denoised: MeanScores;
  /** Does not change between epochs. */
  readonly noisy: MeanScores;
}
