import { holdOut } from "../data/hold-out.ts";
import { checkPair, type ImageSet } from "../data/image-set.ts";
import { checkTwins, holdOutPictures, type PictureSet, type SampledPicture } from "../data/picture-set.ts";
import { bitsOf, fullRange, type Samples } from "../data/samples.ts";
import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";
import type { RunData } from "../training/run-data.ts";
import { checkValues, cleanRange } from "./check-values.ts";
import { channelBytes, checkRgba, type RgbaImage } from "./rgba-image.ts";

/** Contiguous grey images of one size. They are copied. */
export interface PixelArray {
  /** [count, rows, columns]: bytes, 0 black and 255 white; 16-bit numbers, 65,535 white; or numbers in [0, 1]. */
  readonly pixels: Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array;
  /** Images. */
  readonly count: number;
  /** Height of an image in pixels. */
  readonly rows: number;
  /** Width of an image in pixels. */
  readonly columns: number;
}

/**
 * Training images: images of one size, or with the setting `patches` pictures of any sizes. Of `ImageData` the luma over white is used
 * (ITU-R BT.709-6), or with `colour` the colours over white.
 */
export type TrainingImages = PixelArray | readonly RgbaImage[];

/** Images other than the training images. */
export interface OtherImages {
  /** Images for validation after every epoch, of the same size. Default: a fixed fifth of the training images. */
  readonly validation?: TrainingImages;
  /** A measured noisy twin of every image, in the same order; the noise is then "none". */
  readonly noisy?: TrainingImages;
  /** The noisy twins of `validation`. */
  readonly noisyValidation?: TrainingImages;
}

/** The images, under the names of the arguments, for messages. */
type Given = OtherImages & { readonly images: TrainingImages };

/** The operations on sets of one kind. */
interface SetKind<S> {
  readonly read: (images: TrainingImages, name: string) => S;
  readonly checkTwins: (noisy: S, clean: S) => void;
  readonly holdOut: (set: S) => { readonly train: S; readonly validation: S };
}

/** Images of one size, with 1 channel or 3. */
function imagesIn(channels: number): SetKind<ImageSet> {
  return {
    read(images, name) {
      if (!("pixels" in images)) return fromRgba(images, name, channels);
      if (channels === 1) return fromPixels(images, name);
      throw new InputError(`${name} is an array of grey pixels: leave out colour, or give ImageData.`);
    },
    checkTwins: checkPair,
    holdOut,
  };
}

/** Pictures of any sizes, with 1 channel or 3, from which patches are cut. */
function picturesIn(channels: number): SetKind<PictureSet> {
  return { read: (images, name) => pictureSet(images, name, channels), checkTwins, holdOut: holdOutPictures };
}

/**
 * Converts the images for a run to 1 channel or 3: whole images, or pictures for patches. Throws an InputError that names the
 * invalid one and the error.
 */
export function trainingData(
  given: Given,
  { channels = 1, patches = false }: { readonly channels?: number; readonly patches?: boolean } = {},
): RunData {
  return patches ? arranged(given, picturesIn(channels)) : arranged(given, imagesIn(channels));
}

/** The sets of a run. Without a validation set, a fifth of the images and their noisy twins is held out. */
function arranged<S>({ images, validation, noisy, noisyValidation }: Given, kind: SetKind<S>) {
  const clean = kind.read(images, "images");
  const twins = noisy && kind.read(noisy, "noisy");
  if (twins) kind.checkTwins(twins, clean);
  if (!validation) {
    if (noisyValidation) throw new InputError("noisyValidation is given, but validation is not.");
    const heldOut = twins && kind.holdOut(twins);
    return {
      ...kind.holdOut(clean),
      ...(heldOut && { noisyTrain: heldOut.train, noisyValidation: heldOut.validation }),
    };
  }
  return {
    train: clean,
    validation: kind.read(validation, "validation"),
    ...(twins && { noisyTrain: twins }),
    ...(noisyValidation && { noisyValidation: kind.read(noisyValidation, "noisyValidation") }),
  };
}

function fromPixels({ pixels, count, rows, columns }: PixelArray, name: string): ImageSet {
  for (const [what, size] of Object.entries({ count, rows, columns })) {
    checkInteger(`The ${what} of ${name}`, size, 1, 2 ** 32);
  }
  if (pixels.length !== count * rows * columns) {
    throw new InputError(
      `${name} needs ${count} x ${rows} x ${columns} = ${count * rows * columns} pixels, but has ${pixels.length}.`,
    );
  }
  const samples = samplesOf(pixels, name);
  const bits = bitsOf(samples);
  return { name, count, rows, columns, pixels: samples, format: { bits, range: fullRange(bits) } };
}

function samplesOf(pixels: PixelArray["pixels"], name: string): Samples {
  if (pixels instanceof Uint16Array) return Uint16Array.from(pixels);
  if (!(pixels instanceof Float32Array)) return Uint8Array.from(pixels);
  checkValues(pixels, name, cleanRange);
  return Float32Array.from(pixels);
}

function fromRgba(images: readonly RgbaImage[], name: string, channels: number): ImageSet {
  const [first] = images;
  if (!first) throw new InputError(`${name} holds no image.`);
  const { width, height } = first;
  const size = width * height * channels;
  const pixels = new Uint8Array(images.length * size);
  images.forEach((image, index) => {
    checkRgba(image, `Image ${index} of ${name}`);
    if (image.width !== width || image.height !== height) {
      throw new InputError(
        `All of ${name} must have one size, but image 0 has ${height} x ${width} pixels and image ${index} has ${image.height} x ${image.width}.`,
      );
    }
    pixels.set(channelBytes(image, channels), index * size);
  });
  return { name, count: images.length, rows: height, columns: width, channels, pixels };
}

function pictureSet(images: TrainingImages, name: string, channels: number): PictureSet {
  if ("pixels" in images) {
    throw new InputError(`Patches are cut from an array of ImageData, but ${name} is an array of pixels.`);
  }
  const pictures = images.map((image, index): SampledPicture => {
    const picture = `image ${index} of ${name}`;
    checkRgba(image, picture);
    const { height: rows, width: columns } = image;
    return { name: picture, rows, columns, channels, pixels: channelBytes(image, channels) };
  });
  return { name, channels, pictures };
}
