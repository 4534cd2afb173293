/**
 * The purposes of random numbers. The key of every draw is (seed, stream), so streams never overlap: changing
 * the noise does not change the shuffle or the initial weights.
 */
export const streams = {
  initialWeights: 1,
  shuffle: 2,
  trainingNoise: 3,
  validationNoise: 4,
  holdOut: 5,
  trainingPatches: 6,
  validationPatches: 7,
} as const;

export type Stream = (typeof streams)[keyof typeof streams];
