import { computed } from "@preact/signals";
import { isHidden, isOtherPicture, noPicturesText } from "../../data/file-kinds.ts";
import { nextTask, WorkSlices } from "../../network/work-slices.ts";
import { InputError } from "../../spec/input-error.ts";
import { takeImages } from "../run/actions.ts";
import { readerOf, readOwnFiles } from "../run/build-run.ts";
import { runImages, runState } from "../run/state.ts";
import { ask, sentenceOf } from "../run/worker-link.ts";
import { wantedChoices, wantedTwins } from "../runs/continue-run.ts";
import { fitSource } from "../settings/actions.ts";
import { learnsFrom } from "../settings/presets.ts";
import { refuse, settingsState } from "../settings/state.ts";
import {
  arePictures,
  checkFileCount,
  commonSize,
  type FoundFile,
  type FoundFiles,
  firstChoices,
  isPictureName,
  type OwnImageFiles,
  type OwnPictureFiles,
  type PictureChoices,
  type PictureFolder,
  pictureEndings,
  pictureFolder,
  readEntries,
  type Size,
} from "./own-pictures.ts";
import type { PicturesEvent } from "./protocol.ts";
import { imagesState, type Offer } from "./state.ts";

/** The number of pictures that are measured to find whether all have one size. */
const measuredPictures = 16;

/** Milliseconds of going through files, and number of files, after which the page can handle other events. */
const slice = 10;
const filesAtOnce = 256;

/** The most IDX files that belong together. */
const mostImageFiles = 4;

const nothingFound = "The selection has no pictures: choose PNG, JPEG, WebP, GIF, AVIF or BMP files.";

/** Reads IDX files that were chosen or dropped, and shows their contents; the run does not change. */
async function offerFiles(own: OwnImageFiles): Promise<void> {
  const { files, twins } = own;
  if (files.length === 0) return;
  if (!canOffer(files[0]?.name)) return;
  imagesState.search.value = undefined;
  void ask((connected) => connected.cancelPictures());
  const before = standingOffer();
  const offer: Offer = { files: own, images: undefined, before };
  refuse(undefined);
  imagesState.offer.value = offer;
  const images = await ask((connected) => connected.offer(files, twins));
  // Other files may have been chosen meanwhile.
  if (imagesState.offer.value !== offer) return;
  imagesState.offer.value = images ? { files: own, images } : before;
}

/** Whether files can be read now; says so if they cannot. */
function canOffer(name: string | undefined): boolean {
  if (runImages.value && runState.phase.value !== "failed") return true;
  refuse(`${name} was not read: wait until a run is ready, or press Reset, and choose it again.`);
  return false;
}

/** The latest offer whose files are completely read. */
function standingOffer(): Offer | undefined {
  const { value: offer } = imagesState.offer;
  return offer?.images ? offer : offer?.before;
}

/** Whether the images that are offered need measured noisy twins: for what the form says, or for the run that is to be continued. */
export const needsTwins = computed(
  () => settingsState.draft.value.twins !== "none" || wantedTwins() !== undefined,
);

/** Starts a new run with the images that were offered. */
export async function takeOffer(): Promise<void> {
  const { value: offer } = imagesState.offer;
  if (!offer?.images || (needsTwins.value && !offer.images.twins)) return;
  fitSource({ ...offer.images, own: true });
  await takeImages(offer.images, offer.files);
  if (runImages.value?.id === offer.images.id && imagesState.offer.value === offer)
    imagesState.offer.value = undefined;
}

/** Drops the files that were offered. */
export function dismissOffer(): void {
  void ask((connected) => connected.cancelPictures());
  imagesState.offer.value = undefined;
}

/** Starts a new run with the digits that come with the page. */
export async function takeDigits(): Promise<void> {
  const { value: digits } = runState.digits;
  if (!digits) return;
  fitSource({ ...digits, own: false });
  await takeImages(digits, undefined);
}

/** Files without hidden ones, such as those that macOS writes beside others, unless all are hidden. */
export function withoutHidden(files: readonly File[]): readonly File[] {
  const visible = files.filter(({ name }) => !isHidden(name));
  return visible.length > 0 ? visible : files;
}

/** Offers files that were chosen or dropped: pictures if there are several, else IDX files. */
export async function offerAny(chosen: readonly File[]): Promise<void> {
  const files = withoutHidden(chosen);
  const isOther = files.some(({ name }) => isOtherPicture(name) && !isPictureName(name));
  if (arePictures(files) || isOther) await offerFound(() => foundIn(files));
  else await offerFiles({ kind: "images", files });
}

/** Offers the contents of a folder that was chosen. */
export async function offerFolder(files: readonly File[]): Promise<void> {
  if (files.length > 0) await offerFound(() => foundIn(files));
}

/** Offers files and folders that were dropped. */
export async function offerEntries(entries: readonly FileSystemEntry[]): Promise<void> {
  await offerFound(() => readEntries(entries));
}

/** Reads the offered pictures again with other choices. */
export async function choosePictures(change: Partial<PictureChoices>): Promise<void> {
  const { value: offer } = imagesState.offer;
  if (offer?.files.kind !== "pictures") return;
  const { choices } = offer.files;
  await offerPictures({ ...offer.files, choices: { ...choices, ...change } });
}

/** Lists the files in slices of time, because there may be many and the page must stay responsive. */
async function foundIn(files: readonly File[]): Promise<FoundFiles> {
  checkFileCount(files.length);
  const slices = new WorkSlices(slice);
  const found: FoundFile[] = [];
  for (const file of files) {
    found.push({ path: file.webkitRelativePath || file.name, file });
    if (found.length % filesAtOnce === 0) await slices.breathe();
  }
  await nextTask();
  return { files: found, tooDeep: 0 };
}

/** Finds and measures pictures, unless other files are chosen first. */
async function offerFound(find: () => FoundFiles | Promise<FoundFiles>): Promise<void> {
  const search = Symbol();
  imagesState.search.value = search;
  refuse(undefined);
  try {
    const found = await find();
    const sorted = await ask((connected) => connected.sortPaths(found.files.map(({ path }) => path)));
    if (!sorted || imagesState.search.value !== search) return;
    const folder = pictureFolder(found, sorted);
    if (folder.files.length === 0) {
      const others = found.files.map(({ file }) => file).filter(({ name }) => !isHidden(name));
      checkConvertible(others);
      if (others.length === 0 || others.length > mostImageFiles) throw new InputError(nothingFound);
      await offerFiles({ kind: "images", files: others });
      return;
    }
    if (!canOffer(folder.name)) return;
    const ownSize = await commonSizeOf(folder);
    if (imagesState.search.value !== search) return;
    const choices =
      wantedChoices() ??
      firstChoices(ownSize, learnsFrom(settingsState.draft.value) === "clean" ? "middle" : "cut");
    await offerPictures({ kind: "pictures", folder: { ...folder, ownSize }, choices });
  } catch (error) {
    if (imagesState.search.value === search) refuse(sentenceOf(error));
  } finally {
    if (imagesState.search.value === search) imagesState.search.value = undefined;
  }
}

/** Throws an InputError if there are pictures among files that browsers do not decode, and says to convert them. */
function checkConvertible(files: readonly File[]): void {
  const names = files.map(({ name }) => name);
  if (!names.some(isOtherPicture)) return;
  throw new InputError(noPicturesText("The selection", pictureEndings, names, "PNG or JPEG"));
}

async function commonSizeOf(folder: PictureFolder): Promise<Size | undefined> {
  const count = folder.files.length;
  const measured = Math.min(measuredPictures, count);
  const spread = Array.from({ length: measured }, (_, place) => Math.floor((place * count) / measured));
  return commonSize((await readerOf(folder)(spread)).map(({ size }) => size));
}

/** Shows a few of the pictures, and the summary of all once they are read, unless other files are chosen first. */
async function offerPictures(files: OwnPictureFiles): Promise<void> {
  const { value: shown } = imagesState.offer;
  const same = shown?.files.kind === "pictures" && shown.files.folder === files.folder;
  const samples = same ? shown.samples : undefined;
  imagesState.search.value = undefined;
  refuse(undefined);
  imagesState.offer.value = { files, images: undefined, before: standingOffer(), samples };
  const update = (change: Partial<Offer>) => {
    const { value: offer } = imagesState.offer;
    if (offer?.files === files) imagesState.offer.value = { ...offer, ...change };
  };
  const listen = (event: PicturesEvent) =>
    update(event.kind === "samples" ? { samples: event.samples } : { read: event.count });
  const images = await ask((connected) => readOwnFiles(connected, files, listen));
  if (images) update({ images, before: undefined });
  else if (imagesState.offer.value?.files === files) imagesState.offer.value = imagesState.offer.value.before;
}

/** The words for the twins of the offered images. */
export const twinsWords = computed(() =>
  learnsFrom(settingsState.draft.value) === "shots"
    ? { title: "Their second shots", those: "the second shots" }
    : { title: "Their noisy twins", those: "the noisy twins" },
);

/**
 * Offers the images that are offered together with their noisy twins: pictures are paired by their names without the endings, IDX files in
 * order.
 */
export async function offerTwins(chosen: readonly File[]): Promise<void> {
  const { value: offer } = imagesState.offer;
  if (!offer || chosen.length === 0) return;
  const files = withoutHidden(chosen);
  if (offer.files.kind === "images") return offerFiles({ ...offer.files, twins: files });
  const { folder } = offer.files;
  const search = Symbol();
  imagesState.search.value = search;
  refuse(undefined);
  try {
    const found = await foundIn(files);
    const paths = found.files.map(({ path }) => path);
    const sorted = await ask((connected) => connected.sortPaths(paths, folder.paths));
    if (!sorted || imagesState.search.value !== search) return;
    // The choices may have changed meanwhile, and other pictures may have been offered.
    const own = imagesState.offer.value?.files;
    if (own?.kind !== "pictures" || own.folder !== folder) return;
    await offerPictures({ ...own, twins: pictureFolder(found, sorted) });
  } catch (error) {
    if (imagesState.search.value === search) refuse(sentenceOf(error));
  } finally {
    if (imagesState.search.value === search) imagesState.search.value = undefined;
  }
}
