import { type HeldOut, holdOut } from "../../data/hold-out.ts";
import { readImageSet, readLabels, withLabels } from "../../data/image-set.ts";
import { type Images, sourceOf } from "../../data/image-source.ts";
import { fromBytes } from "../../data/pixel-bytes.ts";
import { type DataFingerprint, fingerprintOf } from "../../formats/data-fingerprint.ts";
import type { TrainingSpec } from "../../spec/settings.ts";
import type { TrainingData } from "../../training/run-data.ts";
import { type FileSummary, type ImagesSummary, type PicturesSummary, usesTwins } from "../images/summary.ts";
import { fetchBytes } from "./models.ts";

/** The id of the digits that come with the page; all other images have larger ones. */
export const digitsId = 0;

/** The number of training images that are shown before a run is started with them. */
const sampleCount = 8;

/** Images that a run can be started with. */
export interface AvailableImages {
  readonly summary: ImagesSummary;
  readonly data: TrainingData;
  /** Identifies them; computed when it is first requested. */
  readonly fingerprint: () => Promise<DataFingerprint>;
  /** All that was read, if these are a part of it. */
  readonly whole?: AvailableImages;
}

/** Images that were read, and their source. */
interface ReadImages {
  readonly files: readonly FileSummary[];
  readonly pictures?: PicturesSummary | undefined;
  readonly data: TrainingData;
}

/** Describes images for the page; throws an InputError if one of the samples cannot be read. */
export async function describeImages(
  id: number,
  { files, pictures, data }: ReadImages,
): Promise<AvailableImages> {
  const { train, validation } = data;
  const { rows, columns, count } = train;
  const size = rows * columns;
  const shown = Math.min(sampleCount, count);
  const spread = Uint32Array.from({ length: shown }, (_, sample) => Math.floor((sample * count) / shown));
  const samplesOf = async (images: Images) => {
    const bytes = new Uint8Array(shown * size);
    await sourceOf(images).read(spread, bytes, size);
    return fromBytes(bytes);
  };
  const summary: ImagesSummary = {
    id,
    files,
    pictures,
    rows,
    columns,
    trainingImages: count,
    validationImages: validation.count,
    labels: validation.labels,
    samples: await samplesOf(train),
    ...(data.noisyTrain && { twins: await samplesOf(data.noisyTrain) }),
  };
  return { summary, data, fingerprint: fingerprintOnce(data) };
}

function fingerprintOnce(data: TrainingData): () => Promise<DataFingerprint> {
  let known: Promise<DataFingerprint> | undefined;
  return () => {
    known ??= fingerprintOf(data);
    return known;
  };
}

/**
 * The part of the images that a run with these settings uses: images with their noisy twins; without them, if the run adds noise; or
 * the noisy twins alone, if it learns from noisy pictures alone.
 */
export function imagesFor(images: AvailableImages, spec: TrainingSpec): AvailableImages {
  const { train, validation, noisyTrain, noisyValidation } = images.data;
  if (!noisyTrain || !noisyValidation || usesTwins(spec)) return images;
  const alone = spec.selfSupervised && spec.noise.stages.length === 0;
  const data = alone ? { train: noisyTrain, validation: noisyValidation } : { train, validation };
  return { summary: images.summary, data, fingerprint: fingerprintOnce(data), whole: images };
}

/** The number of offers that are kept: one with which a run is about to start, and a later one. */
const keptOffers = 2;

/** The images that were offered last, with which runs can be started. */
export class OfferedImages {
  #count = 0;
  /** The newest first. */
  #offers: readonly AvailableImages[] = [];

  /** A new id for the images of an offer; called when their reading begins, so that a later offer has a larger id. */
  nextId(): number {
    this.#count += 1;
    return digitsId + this.#count;
  }

  /** Keeps images that were read. */
  async keep(id: number, images: ReadImages): Promise<ImagesSummary> {
    const offer = await describeImages(id, images);
    // Images that were offered later may have been read earlier.
    const newestFirst = [offer, ...this.#offers].sort((a, b) => b.summary.id - a.summary.id);
    this.#offers = newestFirst.slice(0, keptOffers);
    return offer.summary;
  }

  find(id: number): AvailableImages | undefined {
    return this.#offers.find(({ summary }) => summary.id === id);
  }

  /** Drops the offer with this `id`, which a run uses now, and earlier ones. */
  dropUpTo(id: number): void {
    this.#offers = this.#offers.filter(({ summary }) => summary.id > id);
  }
}

const imagesFile = "digits/images.idx.gz";
const labelsFile = "digits/labels.idx.gz";

/** Reads the handwritten digits from the folder of the page at `base`; throws an InputError that names the file. */
export async function readDigits(base: string): Promise<HeldOut> {
  const [images, labels] = await Promise.all([
    fetchBytes(base, imagesFile).then((bytes) => readImageSet(bytes, imagesFile)),
    fetchBytes(base, labelsFile).then((bytes) => readLabels(bytes, labelsFile)),
  ]);
  return holdOut(withLabels(images, labels, labelsFile));
}
