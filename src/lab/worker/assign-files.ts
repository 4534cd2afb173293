import type { Images } from "../../data/image-source.ts";
import { InputError } from "../../spec/input-error.ts";

/** A person's file, once it is known what it holds. */
export interface ReadFile {
  readonly name: string;
  /** Its size as it lies on the disk. */
  readonly bytes: number;
  /** How many images or labels it holds. */
  readonly count: number;
}

export interface ImagesFile extends ReadFile {
  readonly images: Images;
}

export interface LabelsFile extends ReadFile {
  /** [count] */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Which file plays which part. */
export interface AssignedFiles {
  readonly training: ImagesFile;
  readonly validation?: ImagesFile | undefined;
  readonly trainingLabels?: LabelsFile | undefined;
  readonly validationLabels?: LabelsFile | undefined;
}

/** What a word in the name of a file to validate with begins with; MNIST calls it "t10k". */
const validationName = /(^|[^a-z])(t10k|test|val)/i;

/**
 * Tells files apart, in whatever order they come. Of two with images the larger is to be trained on, unless the name of one
 * of them alone says that it is for validation. Labels go to the images that they are as many as; where that leaves a
 * choice, by their names. Throws an InputError when there are no images, or files that have no part to play.
 */
export function assignFiles(files: readonly (ImagesFile | LabelsFile)[]): AssignedFiles {
  const labelsFiles = files.filter((file) => "labels" in file);
  const imagesFiles = files.filter((file) => "images" in file);
  const [training, validation] = inOrder(imagesFiles);
  if (!training) {
    const named = labelsFiles.map(({ name }) => name).join(" and ");
    throw new InputError(`Images are needed too, but only labels were found in ${named}.`);
  }
  checkNumbers(imagesFiles.length, labelsFiles.length);

  const [first, second] = inOrder(labelsFiles);
  if (!first || !validation) return { training, validation, trainingLabels: first };
  const forValidation =
    fits(first, validation) && (!fits(first, training) || (!second && validationName.test(first.name)));
  return forValidation
    ? { training, validation, trainingLabels: second, validationLabels: first }
    : { training, validation, trainingLabels: first, validationLabels: second };
}

function checkNumbers(images: number, labels: number): void {
  if (images > 2) {
    throw new InputError(
      `${images} files hold images, but at most 2 can be taken: one to train on and one to validate with.`,
    );
  }
  if (labels > images) {
    throw new InputError(
      `${labels} files hold labels, but only ${images} ${images === 1 ? "holds" : "hold"} images.`,
    );
  }
}

/** What is for training before what is for validation. */
function inOrder<F extends ReadFile>(files: readonly F[]): F[] {
  const isForValidation = ({ name }: F) => Number(validationName.test(name));
  return files.toSorted((a, b) => isForValidation(a) - isForValidation(b) || b.count - a.count);
}

function fits(labels: LabelsFile, images: ImagesFile): boolean {
  return labels.count === images.count;
}
