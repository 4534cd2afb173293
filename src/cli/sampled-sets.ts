import type { ImageSet } from "../data/image-set.ts";
import { networkSamples } from "../data/network-samples.ts";
import type { PictureSet } from "../data/picture-set.ts";
import {
  chooseRanges,
  kindBits,
  type RangeChoice,
  rangeText,
  type SampleFacts,
  type SampleKind,
} from "../data/sample-range.ts";
import { bitsOf, fullRange, newSamples, type SampleFormat, type SampleRange } from "../data/samples.ts";
import { countOutside, kindOfSamples, type StoredPicture } from "../data/stored-picture.ts";
import { InputError } from "../spec/input-error.ts";

/** A picture as it was read, and the facts that decide its range. */
export interface ReadPicture {
  /** Already in grey if grey is wanted and the conversion depends on no transparency, profile or range. */
  readonly picture: StoredPicture;
  readonly facts: SampleFacts;
}

/** The pictures of a folder as they were read. */
export interface ReadFolder {
  /** The folder. */
  readonly name: string;
  readonly channels: 1 | 3;
  /** Whether a range is given for its samples. */
  readonly ranged: boolean;
  readonly pictures: readonly ReadPicture[];
}

/** How the samples of pictures are read. */
export interface RangeOptions {
  /** The value of --range. */
  readonly range?: RangeChoice | undefined;
  /** The samples that the model was trained on, if its file says so. */
  readonly trained?: SampleFormat | undefined;
  readonly tell?: ((line: string) => void) | undefined;
}

/**
 * The pictures of all folders of a run as sets, with one range for all of them. Throws an InputError if a range is needed but not
 * given.
 */
export function sampledSets(
  folders: readonly ReadFolder[],
  { range: choice, trained, tell = () => {} }: RangeOptions = {},
): PictureSet[] {
  const all = folders.flatMap(({ pictures }) => pictures);
  const name = folders[0]?.name ?? "";
  const ranges = chooseRanges(
    all.map(({ facts }) => facts),
    name,
    choice,
    trained,
  );
  if (ranges.remark !== undefined) tell(ranges.remark);
  const format = formatFor(ranges.of);
  return folders.map(({ name, channels, pictures }) => {
    let outside = 0;
    const sampled = pictures.map(({ picture, facts: { kind } }) => {
      const range = ranges.of.get(kind) ?? fullRange(kindBits[kind]);
      if (choice !== undefined && choice !== "auto") outside += countOutside(picture, range);
      const { rows, columns } = picture;
      return {
        name: picture.name,
        rows,
        columns,
        channels,
        pixels: networkSamples(picture, channels, range, format),
      };
    });
    if (outside > 0 && choice && choice !== "auto") tell(outsideText(name, outside, choice));
    return { name, channels, pictures: sampled, format };
  });
}

/** "scans: 12 samples lie outside 0..4095 and are clipped to it" */
export function outsideText(name: string, count: number, range: SampleRange): string {
  const samples = count === 1 ? "1 sample lies" : `${count} samples lie`;
  return `${name}: ${samples} outside ${rangeText(range)} and ${count === 1 ? "is" : "are"} clipped to it`;
}

/** The format of samples on the device: that of the files if all are of one kind, otherwise float32 from 0 to 1. */
function formatFor(ranges: ReadonlyMap<SampleKind, SampleRange>): SampleFormat {
  const [first, ...others] = ranges;
  if (!first || others.length > 0) return { bits: 32, range: fullRange(32) };
  const [kind, range] = first;
  if (kind === "i16") return { bits: 32, range, storedBits: 16 };
  // The kernels read bytes as byte / 255.
  if (kind === "u8" && (range.low !== 0 || range.high !== 255)) return widened(range);
  return { bits: kindBits[kind], range };
}

function widened(range: SampleRange): SampleFormat {
  const whole = [range.low, range.high].every((one) => Number.isInteger(one) && one >= 0 && one <= 65_535);
  return { bits: whole ? 16 : 32, range, storedBits: 8 };
}

/** Pictures of one size as a set of images; throws an InputError that names one of another size. */
export function imagesOf({ name, channels, pictures, format }: PictureSet): ImageSet {
  const [first] = pictures;
  if (!first) throw new InputError(`${name} holds no pictures.`);
  const { rows, columns } = first;
  const other = pictures.find((picture) => picture.rows !== rows || picture.columns !== columns);
  if (other) {
    throw new InputError(
      `The pictures of ${name} have different sizes (${first.name} ${rows} x ${columns}, ${other.name} ${other.rows} x ${other.columns}): give --patch to train on patches of them.`,
    );
  }
  const size = rows * columns * channels;
  const pixels = newSamples(bitsOf(first.pixels), pictures.length * size);
  pictures.forEach((picture, index) => {
    pixels.set(picture.pixels, index * size);
  });
  return { name, count: pictures.length, rows, columns, channels, pixels, format };
}

/** The facts that decide a picture's range; throws an InputError for a sample that is not a finite number. */
export function factsOf(picture: StoredPicture, extremes: SampleRange): SampleFacts {
  const { low, high } = extremes;
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new InputError(`${picture.name} has samples that are not finite numbers, which cannot be read.`);
  }
  return { name: picture.name, kind: kindOfSamples(picture.samples), low, high };
}
