import type { AdapterSummary } from "../../gpu/adapter.ts";
import type { KernelTime } from "../../gpu/profiler.ts";
import type { Family } from "../../kernels/family.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import type { EpochRecord } from "../../training/history.ts";
import type { Progress } from "../../training/trainer.ts";

/** What the page and the training Worker say to each other; nothing else passes between them. */
export interface TrainingService {
  /** Opens the GPU and reads the digits; called once, before all else. Throws a GpuError where nothing can compute. */
  open(options: OpenOptions, listener: TrainingListener): Promise<Laboratory>;
  /** Puts a new, untrained run in the place of the old one, which stays when the settings cannot be used. */
  start(spec: TrainingSpec): Promise<void>;
  /** Trains until all epochs are done or `pause` is called. */
  train(): Promise<void>;
  /** Ends `train` after the steps under way. */
  pause(): void;
  /** Does one training step. */
  step(): Promise<void>;
  /** Chooses the validation images, by their numbers, that are pictured from now on. */
  show(images: readonly number[]): Promise<void>;
}

export interface OpenOptions {
  /** The address that `digits/` lies at. */
  readonly base: string;
  /** Whether to measure every launch, which slows training down. */
  readonly profile: boolean;
  /** How to compute products, instead of the way that proves fastest. */
  readonly kernels?: Family | undefined;
  /** The ways that proved fastest before. */
  readonly rememberedKernels: Readonly<Record<string, string>>;
}

/** What there is to work with. */
export interface Laboratory {
  readonly adapter: AdapterSummary;
  readonly trainingImages: number;
  readonly validation: ValidationImages;
  /** Whether launches are measured. */
  readonly profiled: boolean;
}

/** The images that training never sees, as they are without noise. */
export interface ValidationImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** [count, rows, columns], 0 to 255 */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** [count] */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Told of everything that happens to a run. Its promise says that the page knows. */
export type TrainingListener = (event: TrainingEvent) => void | Promise<void>;

export type TrainingEvent =
  /** At most some ten times a second, and at the end of every command. */
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "epoch"; readonly record: EpochRecord }
  | { readonly kind: "pictures"; readonly pictures: Pictures }
  | { readonly kind: "launches"; readonly launches: readonly PlacedLaunch[] }
  | { readonly kind: "kernels"; readonly kernels: readonly KernelTime[] }
  /** A way of computing products proved fastest, to be remembered. */
  | { readonly kind: "fastest"; readonly key: string; readonly family: Family };

/** Validation images before and after the network. */
export interface Pictures {
  /** Their numbers. */
  readonly images: readonly number[];
  /** [images, rows, columns] in [0, 1] */
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
