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
   * Opens the GPU, or the CPU, and reads the digits; called once, before all other calls. Throws a DeviceError if the wanted
   * device is not available.
   */
  open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory>;
  /**
   * Reads the user's files and keeps their images available, in place of those that were offered before but not used.
   * Throws an InputError that names the file if one cannot be used; nothing changes then.
   */
  offer(files: readonly File[]): Promise<ImagesSummary>;
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
  /** Images with the run's noise, on which filters are tuned and scored; undefined if the run has other images by now. */
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
  /** The settings of the first run, if they are known. */
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
  /** The scores of its current state, also within an epoch; undefined before the first epoch is done. */
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
  /** The digits that come with the page. */
  readonly digits: ImagesSummary;
}

/** Validation images, by index, of the images with this `id`. */
export interface ShownChoice {
  readonly id: number;
  readonly images: readonly number[];
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

/** Validation images: noisy, denoised and clean. */
export interface Pictures {
  /** Their indices. */
  readonly images: readonly number[];
  /** [images]; undefined if they have none. */
  readonly labels: readonly number[] | undefined;
  readonly rows: number;
  readonly columns: number;
  /** [images, rows, columns] in [0, 1] */
  readonly clean: Float32Array<ArrayBuffer>;
  /** [images, rows, columns], unclipped if the noise is */
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

/** The messages between the page and the training Worker about the user's pictures to train on. */
interface OwnPicturesService {
  /** Finds the pictures among the paths of files and sorts them. */
  sortPaths(paths: readonly string[]): Promise<SortedPaths>;
  /**
   * Converts pictures of any size to grey images of one size and keeps them available, as `offer` does. Pictures that were
   * recently decoded for the same size and shape are reused. Pictures that cannot be read are left out. Undefined
   * if it was cancelled, also by another call. Throws an InputError if too few are left.
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
  /** The name of the pictures in texts. */
  readonly name: string;
  readonly count: number;
  readonly labels: FolderLabels | undefined;
  /** Sentences on the other files among them; undefined if there are none. */
  readonly passedOver: string | undefined;
  readonly choices: PictureChoices;
}

/** Returns pictures by index, so that the Worker never holds many. */
export type PictureReader = (numbers: readonly number[]) => Promise<readonly MeasuredFile[]>;

/** A file, and the size of the picture in it; undefined if it is not a picture. */
export interface MeasuredFile {
  readonly file: File;
  readonly size: Size | undefined;
}

export type PicturesListener = (event: PicturesEvent) => void | Promise<void>;

export type PicturesEvent =
  /** A few of the pictures as the network will get them; sent first. */
  | { readonly kind: "samples"; readonly samples: PictureSamples }
  /** The number of pictures read; sent at most about ten times a second. */
  | { readonly kind: "read"; readonly count: number };

export interface PictureSamples extends Size {
  /** [samples, rows, columns] in [0, 1] */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** [samples]; undefined if they have none. */
  readonly labels: readonly number[] | undefined;
}

/** The messages between the page and the training Worker about pictures that a network is tried on. */
interface PictureService {
  /** Decodes a picture file, upright; throws an InputError that names the file if that fails. */
  readPicture(file: File): Promise<Pixels>;
  /** Reads a model unless it is already loaded; throws an InputError that names its file if it cannot be loaded or used. */
  readModel(source: ModelSource): Promise<NetworkSpec>;
  /**
   * Denoises a picture beside the training; an earlier picture that is not finished is cancelled. Undefined if it was
   * cancelled. Throws an InputError or a DeviceError if the network or the picture is too large for the adapter.
   */
  denoisePicture(request: DenoiseRequest, onShare: ShareListener): Promise<DenoisedPicture | undefined>;
  /** Ends `denoisePicture` within two submits. */
  cancelPicture(): void;
}

export interface DenoiseRequest {
  readonly pixels: Pixels;
  /** The factor of the Gaussian noise that is added first; 0 for none. */
  readonly noise: number;
  /** The network to denoise with. Default: the run's, in its current state. */
  readonly model?: ModelSource | undefined;
}

/** Receives the share of the work that is done, 0 to 1, at most about ten times a second. */
export type ShareListener = (share: number) => void | Promise<void>;

export interface DenoisedPicture {
  /** The network's input: the picture with its noise. */
  readonly before: Pixels;
  readonly after: Pixels;
  /** The time from when the weights are available to the last row. */
  readonly seconds: number;
  readonly network: NetworkSpec;
  /** The run's progress at that time; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}

/** The messages between the page and the training Worker about small images that a network is tried on. */
interface ImageService {
  /**
   * Denoises small grey images while a run continues to train. Throws an InputError or a DeviceError if the network is not
   * available, or is too large for the adapter.
   */
  denoiseImages(request: ImageRequest): Promise<DenoisedImages>;
}

export interface ImageRequest {
  readonly rows: number;
  readonly columns: number;
  /** [count, rows, columns], black at 0 and white at 1 */
  readonly images: Float32Array<ArrayBuffer>;
  /** The network to denoise with. Default: the run's, in its current state. */
  readonly model?: ModelSource | undefined;
}

export interface DenoisedImages {
  /** [count, rows, columns] in [0, 1] */
  readonly images: Float32Array<ArrayBuffer>;
  readonly network: NetworkSpec;
  /** The run's progress at that time; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}

/**
 * The messages between the page and the training Worker about the inside of the run's network. Everything is
 * computed when it is requested, whether the run trains or not. All calls throw an InputError while there is no run.
 */
interface InsideService {
  /** Reads the run's current weights. */
  readFilters(wish: FilterWish): Promise<Filters>;
  /** Encodes validation images, with the validation noise, with the run's current weights. */
  readCodes(): Promise<Codes>;
  /**
   * Codes [count, code size] -> pictures [count, rows, columns], with the weights that were read last. Throws an
   * InputError for a residual network, which cannot decode a code by itself.
   */
  decodeCodes(codes: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  /** Sends an image through the run's convolutions. Throws an InputError for a network of dense layers. */
  readChannels(wish: ChannelWish): Promise<Channels>;
  /** The kernels that make a channel, with the weights that were read last. */
  readKernels(wish: KernelWish): Promise<Kernels>;
  /** Frees what these methods keep. */
  leaveInside(): void;
}

/** The layer whose input is the picture, or the one whose output is. */
export type FilterLayer = "encoder" | "decoder";

export interface FilterWish {
  readonly layer: FilterLayer;
  /** The first unit to show, from 0; if there are fewer, the last page of units. */
  readonly first: number;
  /** The maximum number of units. */
  readonly count: number;
}

/** The weights between the pixels and units of the first or the last hidden layer: a picture for each unit. */
export interface Filters {
  readonly layer: FilterLayer;
  readonly rows: number;
  readonly columns: number;
  /** The number of the layer's units. */
  readonly units: number;
  /** The unit of the first picture. */
  readonly first: number;
  /** [units shown, rows, columns] */
  readonly weights: Float32Array<ArrayBuffer>;
  /** The greatest magnitude of all units' weights. */
  readonly greatest: number;
  /** The run's progress at that time. */
  readonly progress: Progress;
}

export interface ChannelWish {
  /** [rows, columns] */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** The first channel to show of each layer; 0 for the layers that are not listed. */
  readonly firsts: readonly number[];
  /** The maximum number of channels to show of a layer. */
  readonly count: number;
}

/** What a network makes of an image. */
export interface Channels {
  /** From the first layer to the last. */
  readonly layers: readonly LayerChannels[];
  /** The run's progress at that time. */
  readonly progress: Progress;
}

/** The output of a layer for an image; of the last layer before the output function. */
export interface LayerChannels {
  /** A hidden layer as in the settings: "conv:16/2"; the last one by its output: "sigmoid". */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** The number of the layer's channels. */
  readonly channels: number;
  /** The first channel shown. */
  readonly first: number;
  /** [channels shown, rows, columns] */
  readonly values: Float32Array<ArrayBuffer>;
  /** The greatest magnitude of all channels. */
  readonly greatest: number;
}

/** A channel, by the indices of its layer and in the layer. */
export interface ChannelPlace {
  readonly layer: number;
  readonly channel: number;
}

export interface KernelWish extends ChannelPlace {
  /** The maximum number of kernels. */
  readonly count: number;
}

/** The strongest kernels that make a channel. */
export interface Kernels extends ChannelPlace {
  /** The number of all of them: one for each channel of the layer before, or of the image. */
  readonly inputs: number;
  /** The channels of the layer before to which they are applied. */
  readonly from: readonly number[];
  /** [kernels, 3, 3] */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly bias: number;
}

/** Validation images and their codes. */
export interface Codes {
  /** Their indices among the validation images. */
  readonly images: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** [images, rows, columns] in [0, 1], without noise */
  readonly clean: Float32Array<ArrayBuffer>;
  /** The number of values in a code. */
  readonly size: number;
  /** [images, size], each value >= 0 */
  readonly codes: Float32Array<ArrayBuffer>;
  readonly units: CodeUnits;
  readonly plane: CodePlane;
  /** Whether the network can decode a code by itself. */
  readonly decodes: boolean;
  /** The run's progress at that time. */
  readonly progress: Progress;
}

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

/** The pretrained networks that come with the page. */
export type ShippedName = "digits" | "photo";

/** The source of a network that is not the run's. */
export type ModelSource =
  | { readonly kind: "shipped"; readonly name: ShippedName }
  /** The user's file. No other file has its `id`. */
  | { readonly kind: "file"; readonly id: number; readonly file: File };

/** What computes. */
export type Backend = "gpu" | "cpu";
