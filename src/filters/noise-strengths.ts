/** Strengths for a filter whose strength is the noise's standard deviation; clipped noise needs a lower strength. */
export const noiseStrengths: readonly number[] = [
  0.01, 0.015, 0.022, 0.033, 0.05, 0.075, 0.11, 0.17, 0.25, 0.37, 0.55, 0.8, 1.2, 1.8,
];
