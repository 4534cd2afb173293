import { type HeldOut, holdOut } from "../../data/hold-out.ts";
import { readImageSet, readLabels, withLabels } from "../../data/image-set.ts";
import { InputError } from "../../spec/input-error.ts";

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

async function fetchBytes(base: string, file: string): Promise<Uint8Array> {
  const response = await fetch(new URL(file, base)).catch((cause: unknown) => {
    throw new InputError(`${file} could not be loaded: the connection failed.`, { cause });
  });
  if (!response.ok)
    throw new InputError(`${file} could not be loaded: the server answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
