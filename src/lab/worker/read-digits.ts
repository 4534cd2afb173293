import { type HeldOut, holdOut } from "../../data/hold-out.ts";
import { readImageSet, readLabels, withLabels } from "../../data/image-set.ts";
import { fetchBytes } from "./fetch-bytes.ts";

const imagesFile = "digits/images.idx.gz";
const labelsFile = "digits/labels.idx.gz";

/** Reads the handwritten digits that lie beside the page at `base`; throws an InputError that names the file. */
export async function readDigits(base: string): Promise<HeldOut> {
  const [images, labels] = await Promise.all([
    fetchBytes(base, imagesFile).then((bytes) => readImageSet(bytes, imagesFile)),
    fetchBytes(base, labelsFile).then((bytes) => readLabels(bytes, labelsFile)),
  ]);
  return holdOut(withLabels(images, labels, labelsFile));
}
