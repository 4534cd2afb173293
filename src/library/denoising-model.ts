import type { Picture } from "../data/picture.ts";
import { fromBytes } from "../data/pixel-bytes.ts";
import type { Backend } from "../device/device.ts";
import type { Engine, EngineDenoiser, EnginePictureDenoiser } from "../engine/engine.ts";
import { encodeModel } from "../formats/model-file.ts";
import type { TrainingNote } from "../formats/training-note.ts";
import type { PictureTask } from "../network/picture-denoiser.ts";
import { usualBlend } from "../spec/blind-spots.ts";
import { InputError } from "../spec/input-error.ts";
import { codeOf, imageValues, type LayerWeights, type Model, type NetworkSpec } from "../spec/network.ts";
import { checkValues, noisyRange } from "./check-values.ts";
import type { Compute } from "./compute.ts";
import { Lifetime } from "./lifetime.ts";
import {
  channelBytes,
  checkRgba,
  isGrey,
  type ResultImage,
  type RgbaImage,
  rgbaImage,
  valuesOverWhite,
} from "./rgba-image.ts";

/** Options for denoising a picture. */
export interface PictureOptions extends PictureTask {
  /** Pixels from one window to the next, from 1 to the window's shorter side. Default: a quarter of that side. */
  readonly stride?: number | undefined;
}

/** Options for denoising images. */
export interface ImageOptions extends Pick<PictureTask, "strength"> {}

/** A network and its weights, ready to denoise. */
export interface DenoisingModel extends Model {
  /** Values in a latent code; 0 for a network that has none. */
  readonly codeSize: number;
  /** The backend in use. */
  readonly backend: Backend;
  /** The name of the GPU's adapter, or of the CPU with its threads. */
  readonly adapter: string;
  /** The reason for using the CPU although `backend` is not "cpu": one sentence. */
  readonly fallbackReason: string | undefined;

  /**
   * Denoises images of exactly the network's size.
   *
   * @param images - [count, pixels], in [0, 1]; noise that is not clipped may exceed this, within [-16, 16].
   * @param options - For a network with a noise map, the strength of the noise.
   * @returns [count, pixels], in [0, 1] if the network's output is a sigmoid; other outputs may exceed the range slightly.
   * @throws InputError if the numbers are not whole images, one is not finite or outside that range, or the model does not fit.
   * @throws DeviceError if the GPU fails.
   */
  denoise(images: Float32Array, options?: ImageOptions): Promise<Float32Array<ArrayBuffer>>;

  /** The same for an `ImageData`. A grey network uses its luma over white, and the result is grey and opaque. */
  denoise(image: RgbaImage, options?: ImageOptions): Promise<ResultImage>;

  /** The same for several at once. */
  denoise(images: readonly RgbaImage[], options?: ImageOptions): Promise<ResultImage[]>;

  /**
   * Denoises a picture of any size without clipping. Dense layers denoise overlapping windows of the network's size, whose
   * weighted mean is taken; convolutions denoise the picture as a whole. A grey network denoises the channels of a colour picture one by one.
   *
   * @param picture - [rows, columns, channels] values in [0, 1], of 1 channel or 3; noise may exceed this as in `denoise`.
   * @throws InputError if the picture or the stride cannot be used, with the index of a value that is not finite or out of range.
   * @throws DeviceError if the GPU fails, and the signal's reason if it is aborted.
   */
  denoisePicture(picture: Picture, options?: PictureOptions): Promise<Picture>;

  /** The same for an `ImageData`, which the network gets over white; the result is in grey or in colour like it, and keeps its alpha. */
  denoisePicture(picture: RgbaImage, options?: PictureOptions): Promise<ResultImage>;

  /**
   * The latent codes of images of the network's size, given as for `denoise`.
   *
   * @returns [count, codeSize], each value at least 0. The codes of convolutions are [channels, rows, columns], in PyTorch's order.
   * @throws InputError for convolutions without a bottleneck, which have no code.
   */
  encode(images: Float32Array | RgbaImage | readonly RgbaImage[]): Promise<Float32Array<ArrayBuffer>>;

  /**
   * Latent codes to images.
   *
   * @param codes - [count, codeSize], finite.
   * @returns [count, pixels]
   * @throws InputError for a network without a code, and for a residual network: its output is its input minus the noise, so it
   * needs the input image.
   */
  decode(codes: Float32Array): Promise<Float32Array<ArrayBuffer>>;

  /** The model as a file for loadModel and `unsnow denoise --model`: safetensors, in PyTorch's layout. */
  toSafetensors(): Uint8Array<ArrayBuffer>;

  /** Frees the model's resources after its current work is done. */
  dispose(): void;

  /** As `dispose`: `using model = await loadModel(…)`. */
  [Symbol.dispose](): void;
}

/** The batch size of a denoiser for few rows. */
const fewRows = 8;

/** A model on an engine, of which it takes ownership; `note` is on its training, if that is known. */
export function placeModel(model: Model, compute: Compute, note: TrainingNote | undefined): DenoisingModel {
  return new ModelAtWork(model, compute, note);
}

class ModelAtWork implements DenoisingModel {
  readonly network: NetworkSpec;
  readonly layers: readonly LayerWeights[];
  readonly codeSize: number;
  readonly backend: Backend;
  readonly adapter: string;
  readonly fallbackReason: string | undefined;
  readonly #engine: Engine;
  readonly #note: TrainingNote | undefined;
  readonly #denoisers = new MadeOnce<number | undefined, EngineDenoiser>();
  readonly #pictureDenoisers = new MadeOnce<number | undefined, EnginePictureDenoiser>();
  readonly #lifetime: Lifetime;

  constructor(
    { network, layers }: Model,
    { engine, fallbackReason }: Compute,
    note: TrainingNote | undefined,
  ) {
    this.network = network;
    this.layers = layers;
    this.codeSize = codeOf(network)?.size ?? 0;
    this.backend = engine.backend;
    this.adapter = engine.adapter.name;
    this.fallbackReason = fallbackReason;
    this.#engine = engine;
    this.#note = note;
    this.#lifetime = new Lifetime("The model", () => {
      this.#denoisers.destroy();
      this.#pictureDenoisers.destroy();
      engine.close();
    });
  }

  denoise(images: Float32Array, options?: ImageOptions): Promise<Float32Array<ArrayBuffer>>;
  denoise(image: RgbaImage, options?: ImageOptions): Promise<ResultImage>;
  denoise(images: readonly RgbaImage[], options?: ImageOptions): Promise<ResultImage[]>;
  denoise(
    images: Float32Array | RgbaImage | readonly RgbaImage[],
    { strength }: ImageOptions = {},
  ): Promise<Float32Array<ArrayBuffer> | ResultImage | ResultImage[]> {
    return this.#lifetime.during(async () => {
      const values = this.#values(images);
      const denoiser = await this.#denoiser(values.length / imageValues(this.network));
      const denoised = await denoiser.denoise(values, strength);
      if (images instanceof Float32Array) return denoised;
      const { channels } = this.network;
      const size = imageValues(this.network);
      const result = (image: RgbaImage, index: number) =>
        rgbaImage(denoised.subarray(index * size, (index + 1) * size), channels, image, true);
      return isList(images) ? images.map(result) : result(images, 0);
    });
  }

  denoisePicture(picture: Picture, options?: PictureOptions): Promise<Picture>;
  denoisePicture(picture: RgbaImage, options?: PictureOptions): Promise<ResultImage>;
  denoisePicture(
    picture: Picture | RgbaImage,
    { stride, blend = usualBlend(this.#note), ...task }: PictureOptions = {},
  ): Promise<Picture | ResultImage> {
    return this.#lifetime.during(async () => {
      const values = "values" in picture ? checked(picture) : pictureOf(picture);
      const denoiser = await this.#pictureDenoisers.get(stride, () =>
        this.#engine.createPictureDenoiser(this, { stride }),
      );
      const denoised = await denoiser.denoisePicture(values, { ...task, blend });
      return "values" in picture ? denoised : rgbaImage(denoised.values, denoised.channels, picture, false);
    });
  }

  encode(images: Float32Array | RgbaImage | readonly RgbaImage[]): Promise<Float32Array<ArrayBuffer>> {
    return this.#lifetime.during(async () => {
      const values = this.#values(images);
      return (await this.#denoiser(values.length / imageValues(this.network))).encode(values);
    });
  }

  decode(codes: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#lifetime.during(async () => {
      checkValues(codes, "codes");
      return (await this.#denoiser(codes.length / this.codeSize)).decode(codes);
    });
  }

  toSafetensors(): Uint8Array<ArrayBuffer> {
    return encodeModel(this, this.#note);
  }

  dispose(): void {
    this.#lifetime.end();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** A denoiser suited to `rows` rows: the small one always computes its full batch. */
  #denoiser(rows: number): Promise<EngineDenoiser> {
    const batch = this.backend === "gpu" && rows <= fewRows ? fewRows : undefined;
    return this.#denoisers.get(batch, () => this.#engine.createDenoiser(this, batch));
  }

  /** Converts images to the network's input, [count, pixels]. */
  #values(images: Float32Array | RgbaImage | readonly RgbaImage[]): Float32Array {
    if (images instanceof Float32Array) {
      checkValues(images, "images", noisyRange);
      return images;
    }
    const { channels } = this.network;
    const [rows, columns] = this.network.image;
    const size = imageValues(this.network);
    const list = isList(images) ? images : [images];
    const values = new Float32Array(list.length * size);
    list.forEach((image, index) => {
      checkRgba(image, `Image ${index}`);
      if (image.height !== rows || image.width !== columns) {
        throw new InputError(
          `The network takes images of ${rows} x ${columns} pixels, but image ${index} has ${image.height} x ${image.width}: denoisePicture takes any size.`,
        );
      }
      values.set(fromBytes(channelBytes(image, channels)), index * size);
    });
    return values;
  }
}

function isList(images: RgbaImage | readonly RgbaImage[]): images is readonly RgbaImage[] {
  return Array.isArray(images);
}

/** Checks the size and the values of a picture of numbers. */
function checked(picture: Picture): Picture {
  const { rows, columns, channels, values } = picture;
  if (values.length !== rows * columns * channels) {
    throw new InputError(
      `A picture of ${rows} x ${columns} pixels and ${channels} channels has ${rows * columns * channels} values, but ${values.length} are given.`,
    );
  }
  checkValues(values, "picture", noisyRange);
  return picture;
}

/** The colours of an image over white, or one channel if they are grey. */
function pictureOf(image: RgbaImage): Picture {
  checkRgba(image, "The picture");
  const channels = isGrey(image) ? 1 : 3;
  return { rows: image.height, columns: image.width, channels, values: valuesOverWhite(image, channels) };
}

/** Objects that are created on first use, and again if that failed. */
class MadeOnce<K, T extends { destroy(): void }> {
  readonly #made = new Map<K, Promise<T>>();

  get(key: K, make: () => Promise<T>): Promise<T> {
    const found = this.#made.get(key);
    if (found !== undefined) return found;
    const making = make();
    this.#made.set(key, making);
    making.catch(() => this.#made.delete(key));
    return making;
  }

  destroy(): void {
    for (const making of this.#made.values()) {
      making.then(
        (made) => made.destroy(),
        () => {},
      );
    }
  }
}
