/**
 * What random numbers are drawn for. The key of every draw is (seed, stream), so that streams never overlap:
 * changing the noise leaves the shuffle and the starting weights as they were.
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
