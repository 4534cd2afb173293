/**
 * What the device's run may be off the float64 run: rounding, and noise whose sin, cos and log WGSL bounds by 2^-11 a
 * value, of which the mean over a batch shows little. Weights move by whole learning rates, so they show more of it.
 */
export const tolerances = { loss: 2e-5, weight: 2e-4 } as const;
