import { imageBytes } from "../data/image-set.ts";
import { type Images, sourceOf } from "../data/image-source.ts";
import type { Picture } from "../data/picture.ts";
import type { PictureSet, SampledPicture } from "../data/picture-set.ts";
import { bitsOf, bytes8, newSamples, type SampleFormat, samplesIn, valuesOf } from "../data/samples.ts";
import type { Sample } from "../filters/filter-tasks.ts";
import { streams } from "../math/streams.ts";
import { addNoise, strengthOf } from "../reference/noise.ts";
import type { NoiseKey } from "../reference/noise-draws.ts";
import { isGaussian, type NoiseSpec } from "../spec/noise.ts";
import type { RunData } from "./run-data.ts";

/** Noisy pictures that are read on demand; the same number always gives the same sample. */
export interface Samples {
  readonly count: number;
  read(numbers: readonly number[]): Promise<Sample[]>;
}

export interface EvaluationData {
  /** The samples for evaluation, in the order and with the noise of validation during training. */
  readonly evaluated: Samples;
  /** The samples for tuning filters: other images, with noise as in the first epoch of training. */
  readonly tuned: Samples;
}

/** Filters are tuned on the centres of pictures, with at most this many pixels per side. */
export const tunedSide = 64;

/** A run's data with the noise of training for this seed, or the measured noisy twins if there are any. */
export function evaluationData(
  { train, noisyTrain, validation, noisyValidation }: RunData,
  { noise, seed }: { readonly noise: NoiseSpec; readonly seed: number },
  tuneCount: number,
): EvaluationData {
  const evaluated = noisySamples(
    sampleSource(validation),
    noisyValidation && sampleSource(noisyValidation),
    noise,
    { seed, stream: streams.validationNoise, epoch: 0 },
  );
  const tuned = noisySamples(
    middles(sampleSource(train)),
    noisyTrain && middles(sampleSource(noisyTrain)),
    noise,
    { seed, stream: streams.trainingNoise, epoch: 0 },
  );
  return { evaluated, tuned: spread(tuned, tuneCount) };
}

/** `count` evenly spaced samples, or all if there are fewer: a file may be sorted by content. */
function spread(samples: Samples, wanted: number): Samples {
  const count = Math.min(wanted, samples.count);
  const numberOf = (index: number) => Math.floor((index * samples.count) / count);
  return { count, read: (numbers) => samples.read(numbers.map(numberOf)) };
}

/** Pictures that are read on demand. */
interface SampleSource {
  readonly count: number;
  readonly format: SampleFormat;
  read(numbers: readonly number[]): Promise<SampledPicture[]>;
}

function noisySamples(
  clean: SampleSource,
  twins: SampleSource | undefined,
  noise: NoiseSpec,
  key: NoiseKey,
): Samples {
  return {
    count: clean.count,
    async read(numbers) {
      const cleanPictures = await clean.read(numbers);
      const noisyPictures = twins ? await twins.read(numbers) : cleanPictures;
      return cleanPictures.map((picture, index) => {
        const start = asPicture(noisyPictures[index] ?? picture, clean.format);
        const number = numbers[index] ?? 0;
        const values = addNoise(start.values, start, noise, key, number);
        return {
          noisy: { ...start, values: Float32Array.from(values) },
          clean: asPicture(picture, clean.format),
          // The value of a noise map; other noises have no strength.
          strength: isGaussian(noise) ? strengthOf(noise, key, number) : undefined,
        };
      });
    },
  };
}

function asPicture({ rows, columns, channels, pixels }: SampledPicture, { range }: SampleFormat): Picture {
  return { rows, columns, channels, values: valuesOf(pixels, range) };
}

function sampleSource(set: Images | PictureSet): SampleSource {
  const { format = bytes8 } = set;
  if ("pictures" in set) {
    const { pictures } = set;
    return {
      count: pictures.length,
      format,
      read: async (numbers) => numbers.flatMap((number) => pictures[number] ?? []),
    };
  }
  const { name, count, rows, columns, channels = 1, read } = sourceOf(set);
  const size = imageBytes(set);
  return {
    ...{ count, format },
    async read(numbers) {
      const bytes = new Uint8Array(numbers.length * size);
      await read(Uint32Array.from(numbers), bytes, size);
      return numbers.map((_, place) => {
        const pixels = samplesIn(bytes.slice(place * size, (place + 1) * size), format.bits);
        return { name, rows, columns, channels, pixels };
      });
    },
  };
}

function middles({ count, format, read }: SampleSource): SampleSource {
  return { count, format, read: async (numbers) => (await read(numbers)).map(middle) };
}

function middle(picture: SampledPicture): SampledPicture {
  const rows = Math.min(picture.rows, tunedSide);
  const columns = Math.min(picture.columns, tunedSide);
  const top = (picture.rows - rows) >> 1;
  const left = (picture.columns - columns) >> 1;
  const width = columns * picture.channels;
  const pixels = newSamples(bitsOf(picture.pixels), rows * width);
  for (let row = 0; row < rows; row++) {
    const start = ((top + row) * picture.columns + left) * picture.channels;
    pixels.set(picture.pixels.subarray(start, start + width), row * width);
  }
  return { ...picture, rows, columns, pixels };
}
