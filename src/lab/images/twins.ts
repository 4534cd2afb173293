import { computed } from "@preact/signals";
import { sentenceOf } from "../run/failures.ts";
import { ask } from "../run/worker-link.ts";
import { learnsFrom } from "../settings/learns-from.ts";
import { refuse, settingsState } from "../settings/state.ts";
import { foundIn, offerFiles, offerPictures, withoutHidden } from "./offers.ts";
import { pictureFolder } from "./own-pictures.ts";
import { imagesState } from "./state.ts";

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
