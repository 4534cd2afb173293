import { nextTask, WorkSlices } from "../../network/work-slices.ts";
import { InputError } from "../../spec/input-error.ts";
import type { PicturesEvent } from "../protocol.ts";
import { sentenceOf } from "../run/failures.ts";
import { ask } from "../run/worker-link.ts";
import { wantedChoices } from "../runs/continue-run.ts";
import { store } from "../store.ts";
import type { Offer } from "./offer.ts";
import { canOffer, offerFiles, standingOffer } from "./offers.ts";
import type { OwnPictureFiles } from "./own-pictures.ts";
import {
  checkFileCount,
  commonSize,
  type FoundFile,
  type FoundFiles,
  firstChoices,
  isHidden,
  isPictureName,
  type PictureChoices,
  type PictureFolder,
  pictureFolder,
  type Size,
} from "./own-pictures.ts";
import { readEntries, readerOf, readOwnFiles } from "./read-files.ts";

/** Pictures that are measured to learn whether all have one size. */
const measuredPictures = 16;

/** Milliseconds of looking through files, and files looked at, after which the page gets its turn. */
const slice = 10;
const filesAtOnce = 256;

/** The most IDX files that belong together. */
const mostImageFiles = 4;

const nothingFound =
  "No pictures were found in what was chosen: PNG, JPEG, WebP, GIF, AVIF and BMP files are looked for.";

/** Whether files are pictures to train on: at least two, for one alone is something to try. */
export function arePictures(files: readonly File[]): boolean {
  const isOne = ({ name }: File) => isPictureName(name);
  const first = files.findIndex(isOne);
  return first >= 0 && files.slice(first + 1).some(isOne);
}

/** Offers files that were chosen or dropped: pictures if there are several, else IDX files. */
export async function offerAny(files: readonly File[]): Promise<void> {
  if (arePictures(files)) await offerFound(() => foundIn(files));
  else await offerFiles(files);
}

/** Offers what lies in a folder that was chosen. */
export async function offerFolder(files: readonly File[]): Promise<void> {
  if (files.length > 0) await offerFound(() => foundIn(files));
}

/** Offers what was dropped, folders among it. */
export async function offerEntries(entries: readonly FileSystemEntry[]): Promise<void> {
  await offerFound(() => readEntries(entries));
}

/** Reads the pictures that are offered once more, in another way. */
export async function choosePictures(change: Partial<PictureChoices>): Promise<void> {
  const { value: offer } = store.offer;
  if (offer?.files.kind !== "pictures") return;
  const { folder, choices } = offer.files;
  await offerPictures({ kind: "pictures", folder, choices: { ...choices, ...change } });
}

/** There may be many files, and the page is to answer meanwhile. */
async function foundIn(files: readonly File[]): Promise<FoundFiles> {
  checkFileCount(files.length);
  const slices = new WorkSlices(slice);
  const found: FoundFile[] = [];
  for (const file of files) {
    found.push({ path: file.webkitRelativePath || file.name, file });
    if (found.length % filesAtOnce === 0) await slices.breathe();
  }
  await nextTask();
  return { files: found, skipped: 0 };
}

/** Finds and measures pictures, unless other files are chosen meanwhile. */
async function offerFound(find: () => FoundFiles | Promise<FoundFiles>): Promise<void> {
  const search = Symbol();
  store.search.value = search;
  store.refusal.value = undefined;
  try {
    const found = await find();
    const sorted = await ask((connected) => connected.sortPaths(found.files.map(({ path }) => path)));
    if (!sorted || store.search.value !== search) return;
    const folder = pictureFolder(found, sorted);
    if (folder.files.length === 0) {
      const others = found.files.map(({ file }) => file).filter(({ name }) => !isHidden(name));
      if (others.length === 0 || others.length > mostImageFiles) throw new InputError(nothingFound);
      await offerFiles(others);
      return;
    }
    if (!canOffer(folder.name)) return;
    const ownSize = await commonSizeOf(folder);
    if (store.search.value !== search) return;
    const choices = wantedChoices() ?? firstChoices(ownSize);
    await offerPictures({ kind: "pictures", folder: { ...folder, ownSize }, choices });
  } catch (error) {
    if (store.search.value === search) store.refusal.value = sentenceOf(error);
  } finally {
    if (store.search.value === search) store.search.value = undefined;
  }
}

async function commonSizeOf(folder: PictureFolder): Promise<Size | undefined> {
  const count = folder.files.length;
  const measured = Math.min(measuredPictures, count);
  const spread = Array.from({ length: measured }, (_, place) => Math.floor((place * count) / measured));
  return commonSize((await readerOf(folder)(spread)).map(({ size }) => size));
}

/** Shows a few of the pictures and then all that there is to say of them; other files may take their place meanwhile. */
async function offerPictures(files: OwnPictureFiles): Promise<void> {
  const { value: shown } = store.offer;
  const same = shown?.files.kind === "pictures" && shown.files.folder === files.folder;
  const samples = same ? shown.samples : undefined;
  store.search.value = undefined;
  store.refusal.value = undefined;
  store.offer.value = { files, images: undefined, before: standingOffer(), samples };
  const update = (change: Partial<Offer>) => {
    const { value: offer } = store.offer;
    if (offer?.files === files) store.offer.value = { ...offer, ...change };
  };
  const listen = (event: PicturesEvent) =>
    update(event.kind === "samples" ? { samples: event.samples } : { read: event.count });
  const images = await ask((connected) => readOwnFiles(connected, files, listen));
  if (images) update({ images, before: undefined });
  else if (store.offer.value?.files === files) store.offer.value = store.offer.value.before;
}
