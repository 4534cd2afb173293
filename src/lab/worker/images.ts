import { sourceOf } from "../../data/image-source.ts";
import { fromBytes } from "../../data/pixel-bytes.ts";
import { type DataFingerprint, fingerprintOf } from "../../formats/data-fingerprint.ts";
import type { TrainingData } from "../../training/run-data.ts";
import type { FileSummary, ImagesSummary, PicturesSummary } from "../images/summary.ts";

/** What the digits that come with the page are known by; all other images come after them. */
export const digitsId = 0;

/** Training images that are shown before a run is started with them. */
const sampleCount = 8;

/** Images that a run can be started with. */
export interface AvailableImages {
  readonly summary: ImagesSummary;
  readonly data: TrainingData;
  /** What tells them from others; worked out when it is first asked for. */
  readonly fingerprint: () => Promise<DataFingerprint>;
}

/** Images that were read, and what they were read from. */
export interface ReadImages {
  readonly files: readonly FileSummary[];
  readonly pictures?: PicturesSummary | undefined;
  readonly data: TrainingData;
}

/** Describes images for the page; throws an InputError when one of the samples cannot be read. */
export async function describeImages(
  id: number,
  { files, pictures, data }: ReadImages,
): Promise<AvailableImages> {
  const { train, validation } = data;
  const { rows, columns, count } = train;
  const size = rows * columns;
  const shown = Math.min(sampleCount, count);
  const spread = Uint32Array.from({ length: shown }, (_, sample) => Math.floor((sample * count) / shown));
  const bytes = new Uint8Array(shown * size);
  await sourceOf(train).read(spread, bytes, size);
  const summary: ImagesSummary = {
    id,
    files,
    pictures,
    rows,
    columns,
    trainingImages: count,
    validationImages: validation.count,
    labels: validation.labels,
    samples: fromBytes(bytes),
  };
  let known: Promise<DataFingerprint> | undefined;
  const fingerprint = () => {
    known ??= fingerprintOf(data);
    return known;
  };
  return { summary, data, fingerprint };
}
