/**
 * The allowed differences of the device's run from the float64 run. They come from rounding, and from the noise, for whose
 * sin, cos and log WGSL allows an error of 2^-11 per value; the mean over a batch is less affected. Weights change by whole
 * learning rates, so they differ more.
 */
export const tolerances = { loss: 2e-5, weight: 2e-4 } as const;
