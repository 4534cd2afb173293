import { computed } from "@preact/signals";
import { padSize, store } from "../store.ts";
import { centred, noisy, rasterise } from "./drawing.ts";

const { draw } = store;

/** The drawing as it lies on the pad. */
export const onPad = computed(() => rasterise(draw.strokes.value, padSize.value));

/** The drawing without noise, as the network ought to give it back; undefined while nothing is drawn. */
export const clean = computed(() => {
  if (onPad.value.values.every((value) => value === 0)) return undefined;
  if (!draw.centre.value) return onPad.value;
  return rasterise(centred(draw.strokes.value, padSize.value), padSize.value);
});

/** The drawing with its noise, as the network gets it. */
export const withNoise = computed(
  () => clean.value && noisy(clean.value, draw.factor.value, draw.field.value),
);
