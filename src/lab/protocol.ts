import type { Plane } from "../data/plane.ts";
import type { AdapterSummary } from "../device/adapter.ts";
import type { KernelTime } from "../device/device.ts";
import type { FilterPlace } from "../filtering/place-of-filters.ts";
import type { FilterName } from "../filters/filter.ts";
import type { Sample, TunedFilter } from "../filters/filter-tasks.ts";
import type { Family } from "../kernels/family.ts";
import type { NetworkSpec } from "../spec/network.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import type { FolderLabels, PictureChoices, Size, SortedPaths } from "./images/own-pictures.ts";
import type { ImagesSummary } from "./images/summary.ts";
import type { CodePlane, CodeUnits } from "./inside/codes.ts";
import type { RunFile } from "./runs/run-file.ts";
import type { MeanScores, ToldModel } from "./runs/run-record.ts";
import type { SavedPlace } from "./runs/run-storage.ts";
import type { Pixels } from "./shared/pixels.ts";

/** The calls from the page to the training Worker; the Worker answers them and sends `TrainingEvent`s. */
export interface TrainingService extends PictureService, ImageService, InsideService, OwnPicturesService {
  /**
   * Opens the GPU, or the CPU, and reads the digits; called once, before all else. Throws a DeviceError where what is wanted
   * cannot be had.
   */
  open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory>;
  /**
   * Reads a person's files and keeps their images available, in place of those that were offered before but not used.
   * Throws an InputError that names the file when one cannot be used; all that was there stays.
   */
  offer(files: readonly File[]): Promise<ImagesSummary>;
  /**
   * Replaces the run by a new, untrained one on these images, by their `id`; the old run stays when the settings
   * cannot be used. With other images nothing is pictured until some are chosen. From its first epoch on the run is
   * saved under `run`, as soon as the page keeps it.
   */
  start(spec: TrainingSpec, images: number, run: string): Promise<void>;
  /**
   * Replaces the run by a saved one, in the state that was saved, on these images, which must be its own. Throws an
   * InputError that says why that cannot be, and the old run stays.
   */
  resume(run: SavedRun, images: number): Promise<ResumedRun>;
  /** Saves the run in its present state, unless it is finished or has diverged; resolves when it is on the disk. */
  save(): Promise<void>;
  /** Where a run that was stopped by an error can continue; undefined where it cannot. */
  readLastGood(): Promise<GoodPlace | undefined>;
  /**
   * Continues from there with other settings of the optimizer, or on another backend; throws an InputError or a
   * DeviceError where that cannot be. The run is saved under `wish.run` from then on.
   */
  goOn(wish: GoOnWish): Promise<GoneOn>;
  /** Prepares the run's first step, so that it can be done at once; other calls are answered during that. Scores follow it. */
  prepare(): Promise<void>;
  /** Trains until all epochs are done or `pause` is called. */
  train(): Promise<void>;
  /** Ends `train` after the submitted steps. */
  pause(): void;
  /** Does one training step. */
  step(): Promise<void>;
  /** Images under the run's noise, for filters to be tuned and scored on; undefined if the run has other images by now. */
  readFilterSamples(id: number): Promise<FilterSamples | undefined>;
  /** Sends the run's present weights, if an epoch is done. */
  tellModel(): Promise<void>;
  /** Reads a run file; throws an InputError that names the file when it cannot be used. */
  readRun(file: File): Promise<RunFile>;
  /** Chooses the validation images that are pictured from now on; does nothing if the run has other images by now. */
  show(choice: ShownChoice): Promise<void>;
}

export interface OpenOptions {
  /** What is to compute; if left out, a real GPU where there is one, else the CPU. */
  readonly backend?: Backend | undefined;
  /** Threads of the CPU, where it computes. Default: one a core, where threads can share memory. */
  readonly threads?: number | undefined;
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
  /** Messages about it, one sentence each. */
  readonly remarks: readonly string[];
}

/** Epochs that are done, and steps of the present one. */
export type GoodPlace = Pick<Progress, "epoch" | "step">;

/** How a run that was stopped by an error is to continue. */
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
  /** Why the CPU computes although `backend` is not "cpu": one sentence. */
  readonly fallbackReason: string | undefined;
  /** Whether the CPU computes in place of a GPU in software, which `backend` "gpu" would use. */
  readonly replacesSoftware: boolean;
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

/** Receives all events of a run. Its promise resolves when the page has handled the event. */
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
  /** The device was lost, and the run continues on another one: one sentence. */
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

/** What the page and the training Worker say to each other about a person's pictures to train on. */
interface OwnPicturesService {
  /** Finds the pictures among the paths of files, and sorts them. */
  sortPaths(paths: readonly string[]): Promise<SortedPaths>;
  /**
   * Makes grey images of one size out of pictures of any size and keeps them available, as `offer` does. What was
   * decoded for the same size and shape not long ago is used again. Pictures that cannot be read are left out. Undefined
   * if it was cancelled, also by another call. Throws an InputError when too few are left.
   */
  offerPictures(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
  ): Promise<ImagesSummary | undefined>;
  /** Cancels the reading of pictures. */
  cancelPictures(): void;
}

export interface PicturesOrder {
  /** The id of the folder of pictures. */
  readonly folder: number;
  /** What to call the pictures. */
  readonly name: string;
  readonly count: number;
  readonly labels: FolderLabels | undefined;
  /** How many other files came with them. */
  readonly skipped: number;
  readonly choices: PictureChoices;
}

/** Hands out pictures by their numbers, so that the Worker never holds many. */
export type PictureReader = (numbers: readonly number[]) => Promise<readonly MeasuredFile[]>;

/** A file, and the size of the picture in it; undefined if it is none. */
export interface MeasuredFile {
  readonly file: File;
  readonly size: Size | undefined;
}

export type PicturesListener = (event: PicturesEvent) => void | Promise<void>;

export type PicturesEvent =
  /** A few of the pictures as the network will get them; sent first. */
  | { readonly kind: "samples"; readonly samples: PictureSamples }
  /** How many have been read; sent about ten times a second at most. */
  | { readonly kind: "read"; readonly count: number };

export interface PictureSamples extends Size {
  /** [samples, rows, columns] in [0, 1] */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** [samples]; undefined where they have none. */
  readonly labels: readonly number[] | undefined;
}

/** What the page and the training Worker say to each other about pictures that a network is tried on. */
interface PictureService {
  /** Decodes a picture file, upright; throws an InputError that names the file when that cannot be done. */
  readPicture(file: File): Promise<Pixels>;
  /** Reads a model, unless it is known; throws an InputError that names its file when it cannot be loaded or used. */
  readModel(source: ModelSource): Promise<NetworkSpec>;
  /**
   * Denoises a picture beside the training; a picture before it that is not finished is cancelled. Undefined if it was
   * cancelled. Throws an InputError or a DeviceError when network or picture are too large for the adapter.
   */
  denoisePicture(request: DenoiseRequest, onShare: ShareListener): Promise<DenoisedPicture | undefined>;
  /** Ends `denoisePicture` within two submits. */
  cancelPicture(): void;
}

export interface DenoiseRequest {
  readonly pixels: Pixels;
  /** The factor of the Gaussian noise that is put on first; 0 for none. */
  readonly noise: number;
  /** The network to denoise with. Default: the run's, as it is now. */
  readonly model?: ModelSource | undefined;
}

/** Receives the share of the work that is done, 0 to 1, about ten times a second at most. */
export type ShareListener = (share: number) => void | Promise<void>;

export interface DenoisedPicture {
  /** What the network got: the picture with its noise. */
  readonly before: Pixels;
  readonly after: Pixels;
  /** From the weights being there to the last row. */
  readonly seconds: number;
  readonly network: NetworkSpec;
  /** Where the run stood; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}

/** What the page and the training Worker say to each other about small images that a network is tried on. */
interface ImageService {
  /**
   * Denoises small grey images while a run trains on. Throws an InputError or a DeviceError when the network cannot be had,
   * or is too large for the adapter.
   */
  denoiseImages(request: ImageRequest): Promise<DenoisedImages>;
}

export interface ImageRequest {
  readonly rows: number;
  readonly columns: number;
  /** [count, rows, columns], black at 0 and white at 1 */
  readonly images: Float32Array<ArrayBuffer>;
  /** The network to denoise with. Default: the run's, as it is now. */
  readonly model?: ModelSource | undefined;
}

export interface DenoisedImages {
  /** [count, rows, columns] in [0, 1] */
  readonly images: Float32Array<ArrayBuffer>;
  readonly network: NetworkSpec;
  /** Where the run stood; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}

/**
 * What the page and the training Worker say to each other about the inside of the run's network. What is asked for is
 * computed when it is asked for, whether the run trains or not. Throws an InputError while there is no run.
 */
interface InsideService {
  /** Reads weights of the run as it is now. */
  readFilters(wish: FilterWish): Promise<Filters>;
  /** Encodes validation images, with validation's noise, by the run as it is now. */
  readCodes(): Promise<Codes>;
  /**
   * Codes [count, code size] -> pictures [count, rows, columns], by the weights that were looked at last. Throws an
   * InputError for a residual network, which cannot decode a code by itself.
   */
  decodeCodes(codes: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  /** Frees what was kept for the three. */
  leaveInside(): void;
}

/** The layer that looks at the picture, or the one that draws it. */
export type FilterLayer = "encoder" | "decoder";

export interface FilterWish {
  readonly layer: FilterLayer;
  /** The first unit to show, from 0; if there are fewer, the last page of units. */
  readonly first: number;
  /** How many units at most. */
  readonly count: number;
}

/** The weights between the pixels and units of the first or the last hidden layer: a picture for each unit. */
export interface Filters {
  readonly layer: FilterLayer;
  readonly rows: number;
  readonly columns: number;
  /** Units that the layer has. */
  readonly units: number;
  /** The unit of the first picture. */
  readonly first: number;
  /** [pictured units, rows, columns] */
  readonly weights: Float32Array<ArrayBuffer>;
  /** The greatest magnitude of a weight, of all units. */
  readonly greatest: number;
  /** Where the run stood. */
  readonly progress: Progress;
}

/** Validation images and their codes. */
export interface Codes {
  /** Their numbers among the validation images. */
  readonly images: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** [images, rows, columns] in [0, 1], without noise */
  readonly clean: Float32Array<ArrayBuffer>;
  /** Values in a code. */
  readonly size: number;
  /** [images, size], each value >= 0 */
  readonly codes: Float32Array<ArrayBuffer>;
  readonly units: CodeUnits;
  readonly plane: CodePlane;
  /** Whether the network can decode a code by itself. */
  readonly decodes: boolean;
  /** Where the run stood. */
  readonly progress: Progress;
}

/** What the page and the Worker of the classical filters say to each other. */
export interface FilterService {
  /**
   * Tunes every classical filter for a noise and scores it, one after the other, those first that take the least time;
   * called once. `place` is where the filters run that have kernels. Default: where they are fastest.
   */
  compare(samples: FilterSamples, listener: FilterListener, place?: FilterPlace): Promise<void>;
  /** A grey image after a filter as it was tuned, in [0, 1]; waits until it is. */
  filterImage(filter: FilterName, noisy: Plane): Promise<Plane>;
}

/** Images under a run's noise, and as they are without. */
export interface FilterSamples {
  readonly noise: NoiseSpec;
  /** Training images, or the middles of large ones. */
  readonly tuned: readonly Sample[];
  /** The run's sample of validation images. */
  readonly scored: readonly Sample[];
}

/** Receives the filter that is being tuned, and its result. */
export type FilterListener = (event: FilterEvent) => void | Promise<void>;

export type FilterEvent =
  | { readonly kind: "tuning"; readonly filter: FilterName }
  | { readonly kind: "compared"; readonly result: FilterResult };

/** A classical filter as it was tuned, and its scores on the run's sample. */
export interface FilterResult {
  readonly filter: FilterName;
  readonly tuned: TunedFilter;
  readonly scores: MeanScores;
}

/** A run's scores on its sample. */
export interface SampleScores {
  /** Epochs done. */
  readonly epoch: number;
  readonly denoised: MeanScores;
  /** The same after every epoch. */
  readonly noisy: MeanScores;
}

/** The networks that come with the page, trained beforehand. */
export type ShippedName = "digits" | "photo";

/** Where a network comes from that is not the run's. */
export type ModelSource =
  | { readonly kind: "shipped"; readonly name: ShippedName }
  /** A person's file. Its `id` is no other file's. */
  | { readonly kind: "file"; readonly id: number; readonly file: File };

/** What trains and denoises. */
export type Backend = "gpu" | "cpu";
