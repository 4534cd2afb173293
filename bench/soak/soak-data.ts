import { holdOut } from "../../src/data/hold-out.ts";
import { type ByteImageSet, readImageSet, selectImages } from "../../src/data/image-set.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { digitFiles } from "../../vite/digits.ts";

/** 1,000 digits for training and 200 for validation, of all ten labels. */
export async function soakData(): Promise<TrainingData<ByteImageSet>> {
  const { train, validation } = holdOut(await readImageSet(digitFiles().images, "digits"));
  return { train: spread(train, 1000), validation: spread(validation, 200) };
}

/** Images spread over a set, because the digits are sorted by label. */
function spread(set: ByteImageSet, count: number): ByteImageSet {
  const numbers = Array.from({ length: count }, (_, place) => Math.floor((place * set.count) / count));
  return selectImages(set, numbers);
}
