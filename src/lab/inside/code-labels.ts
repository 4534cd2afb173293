import { computed } from "@preact/signals";
import { ownImages, store } from "../store.ts";

/** The labels of the images that have codes; undefined where they have none. */
export const codeLabels = computed(() => {
  const { value: codes } = store.inside.codes;
  const labels = store.images.value?.labels;
  return labels && codes?.images.map((image) => labels[image] ?? 0);
});

/** The labels that those images have, each once. */
export const shownLabels = computed(() => [...new Set(codeLabels.value ?? [])].sort((a, b) => a - b));

/** "Digit 3", "Label 3" or, where there are no labels, "Image 120", of the image at a place among the codes. */
export function titleOf(place: number): string {
  const label = codeLabels.value?.[place];
  if (label === undefined) return `Image ${store.inside.codes.value?.images[place] ?? 0}`;
  return `${ownImages.value ? "Label" : "Digit"} ${label}`;
}
