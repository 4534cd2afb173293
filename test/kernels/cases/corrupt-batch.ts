import { bitsOf, bytes8, newSamples, type Samples } from "../../../src/data/samples.ts";
import { corruptBatch as kernel, windowUniform } from "../../../src/kernels/corrupt.ts";
import { noiseConstants, noiseUniform } from "../../../src/kernels/noise-stages.ts";
import { sampleConstants } from "../../../src/kernels/samples.ts";
import { sweepUniform } from "../../../src/kernels/sweep.ts";
import { padRows, quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { corruptBatch } from "../../../src/reference/corrupt-batch.ts";
import { shuffleOrder } from "../../../src/reference/shuffle-order.ts";
import { parseNoise } from "../../../src/spec/noise-text.ts";
import { type Expected, type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { filled, quadsOf, sumTolerance, untouched } from "./layer-fixture.ts";
import { cleanWords, cursor, deepFormats, exactly, formatName, packedWords } from "./sweep-fixture.ts";

/** Images of this shape, a batch, and a step of the sweep; the last step is short. */
interface BatchShape {
  readonly count: number;
  readonly image: readonly [rows: number, columns: number, channels: number];
  readonly batch: number;
  readonly step: number;
}

const small: readonly BatchShape[] = [
  { count: 1, image: [1, 1, 1], batch: 1, step: 0 },
  { count: 3, image: [5, 1, 1], batch: 1, step: 2 },
  { count: 9, image: [5, 7, 1], batch: 4, step: 1 },
];
const large: readonly BatchShape[] = [
  { count: 9, image: [5, 7, 1], batch: 4, step: 2 },
  { count: 30, image: [28, 28, 1], batch: 8, step: 3 },
  { count: 11, image: [4, 3, 3], batch: 11, step: 0 },
  { count: 10, image: [27, 29, 1], batch: 7, step: 1 },
];

type Tolerance = Omit<Expected, "values">;

/** Decoding, adding and multiplying round; there are no other errors. */
const rounding: Tolerance = { atol: 2 ** -23, rtol: 2 ** -22 };

/** The setting, its product with a number of up to 1, and the sum with the pixel are each rounded. */
function sums(amplitude: number): Tolerance {
  return { ...rounding, atol: (1 + 3 * amplitude) * 2 ** -23 };
}

/**
 * WGSL allows errors of 2^-11 for sin and cos, times a radius of at most 5.8, and of 2^-21 for log; the radius is a square root of
 * the log, so its error is at most 2^-10. `factor` multiplies the normal number.
 */
function normal(factor: number): Tolerance {
  return { ...rounding, atol: factor * (5.8 * 2 ** -11 + 2 ** -10) + 2 ** -23 };
}

/**
 * Counts divided by `peak`. A count can be off by one if the quantile is closer to a whole number than its error. For means
 * below 10 that error is exp's 3 + 2 * 10 ULP in a sum of about 30 terms. Above it is the normal quantile's 1e-5, times the
 * root of the mean, and a few ULP of the mean.
 */
function counts(peak: number): Tolerance {
  const share = 1e-4 + 1e-5 * Math.sqrt(peak) + 4 * 2 ** -23 * peak;
  return { ...rounding, rare: { share, atol: 1 / peak + 2 ** -22 } };
}

/**
 * A setting from `low` to `high`, drawn by a power: the logarithm of a base has an error of 3 ULP, and the power of two 3 + 2 * 3.
 * The rounding of the base, 1 - u (1 - to), matters more the smaller `to` is.
 */
function powered(low: number, high: number, power = 0): Tolerance {
  const n = power + 1;
  const base = n < 0 ? (high / low) ** -n / -n : 1;
  return { ...rounding, atol: sums(high).atol + high * (3 * 3 + 9 + base) * 2 ** -23 };
}

/**
 * Windows of up to 19 x 19 weights, each with exp's error of 3 + 2 * 9 ULP; their sum is divided by the sum of weights.
 */
const window: Tolerance = { ...rounding, atol: 2 * sumTolerance(19 * 19 + 42) };

/**
 * Noises in their text form, and the tolerance from the reference; a stage passes on the error of the previous stage.
 */
const noises: readonly (readonly [text: string, Tolerance])[] = [
  ["gaussian:0.1..0.6", normal(0.6)],
  ["gaussian:3+unclipped", normal(3)],
  ["uniform:0.3", sums(0.3)],
  ["uniform:0.1..2", sums(2)],
  ["uniform:0.1..0.6^-2", powered(0.1, 0.6, -2)],
  ["uniform:0.1..0.6^-1", powered(0.1, 0.6)],
  ["uniform:0.1..0.6^-4+unclipped", powered(0.1, 0.6, -4)],
  ["uniform:0..2^3", powered(0, 2)],
  // The range is so narrow that its ends are equal in float32.
  ["uniform:0.3..0.3000000001^-2", powered(0.3, 0.3)],
  ["speckle:0.1..0.6^-2", normal(0.6)],
  ["salt-pepper:0.2", rounding],
  ["salt-pepper:0..1", rounding],
  ["salt-pepper:1", rounding],
  ["speckle:0.5", normal(0.5)],
  ["speckle:0.2..2", normal(2)],
  ["poisson:2", counts(2)],
  ["poisson:30", counts(30)],
  [
    "poisson:9..30+unclipped",
    { ...counts(30), rtol: 2 ** -20, rare: { share: 2e-4, atol: 1 / 9 + 2 ** -20 } },
  ],
  ["poisson:1000+unclipped", counts(1000)],
  ["poisson:100000", counts(100_000)],
  ["mask:0.5", rounding],
  ["mask:0..0.9", rounding],
  ["blur:0", rounding],
  ["blur:0.7", window],
  ["blur:3", window],
  ["blur:0.3..1.2", window],
  ["bands:0.2", normal(0.2)],
  ["bands:0.1..0.4", normal(0.4)],
  ["poisson-gaussian:30:0.02", { ...counts(30), atol: normal(0.02).atol }],
  [
    "blur:1+poisson:30+gaussian:0.05+salt-pepper:0.1",
    { ...counts(30), atol: normal(0.05).atol + window.atol },
  ],
  // Speckle multiplies the errors of the earlier stages by at most 1 + 0.3 * 5.8, and a number of at most 1.8.
  [
    "mask:0.3+uniform:0.2+bands:0.1+speckle:0.1..0.3+unclipped",
    { ...rounding, atol: 2.8 * normal(0.1).atol + 1.8 * normal(0.3).atol },
  ],
];

export function corruptBatchCases(selection: Selection): KernelCase[] {
  const all = [...small, ...large];
  const some = selection === "all" ? large : large.slice(0, 3);
  return [
    ...all.map((shape) => batchCase("none", shape, rounding)),
    ...all.map((shape) => batchCase("gaussian:0.5", shape, normal(0.5))),
    ...["0", "3"].flatMap((factor) =>
      (selection === "all" ? all : some).map((shape) =>
        batchCase(`gaussian:${factor}`, shape, normal(Number(factor))),
      ),
    ),
    ...noises.flatMap(([text, tolerance]) => some.map((shape) => batchCase(text, shape, tolerance))),
    ...some.map((shape) =>
      batchCase("blur:1+gaussian:0.1", shape, withWindow(normal(0.1)), { streamed: true }),
    ),
    ...some.map((shape) => batchCase("none", shape, rounding, { swap: true })),
    ...some.map((shape) => batchCase("gaussian:0.5", shape, normal(0.5), { centre: 0.5 })),
    ...some.map((shape) => batchCase("gaussian:0.1..0.6", shape, normal(0.6), { noiseMap: true })),
    ...some.map((shape) => batchCase("none", shape, rounding, { shift: 1 })),
    ...some.map((shape) => batchCase("uniform:0.3", shape, sums(0.3), { shift: 16, swap: true })),
    ...some.map((shape) => batchCase("blur:1", shape, window, { shift: 3, streamed: true })),
    ...deepFormats.flatMap((format) => [
      ...all.map((shape) => batchCase("none", shape, rounded(rounding), { format })),
      ...some
        .slice(0, 3)
        .flatMap((shape) => [
          batchCase("uniform:0.3+unclipped", shape, rounded(sums(0.3)), { format, centre: 0.5 }),
          batchCase("gaussian:0.1..0.6", shape, rounded(normal(0.6)), { format, noiseMap: true }),
          batchCase("blur:1", shape, rounded(window), { format, shift: 2, streamed: true }),
          batchCase("none", shape, rounded(rounding), { format, swap: true, shift: 1 }),
        ]),
    ]),
  ];
}

/** With the rounding of the numbers that samples of other ranges are, which are up to 16. */
function rounded(tolerance: Tolerance): Tolerance {
  return { ...tolerance, atol: tolerance.atol + 16 * 2 ** -22 };
}

function withWindow(tolerance: Tolerance): Tolerance {
  return { ...tolerance, atol: tolerance.atol + window.atol };
}

/** Pairs of unrelated noisy and clean images, all in memory, or streamed if there are two batches or more. */
function batchCase(
  text: string,
  shape: BatchShape,
  tolerance: Tolerance,
  { streamed = false, swap = false, shift = 0, centre = 0, noiseMap = false, format = bytes8 } = {},
): KernelCase {
  const { count, image, batch, step } = shape;
  const [rows, columns, channels] = image;
  const pixels = rows * columns * channels;
  const numbers = new MadeNumbers(`corrupt_batch ${count} ${pixels}`);
  const { bits, range } = format;
  const pair = {
    clean: numbers.samples(bits, count * pixels),
    noisy: numbers.samples(bits, count * pixels),
  };
  const noise = parseNoise(text);
  const key = { seed: 7, stream: streams.trainingNoise, epoch: 11 };

  const order = shuffleOrder(count, 5, 0);
  const chosen = order.subarray(step * batch, (step + 1) * batch);
  const first = Math.max(0, step - 1) * batch;
  const held = streamed ? order.subarray(first) : Uint32Array.from(order.keys());
  const batchRows = 4 * quads(batch);
  const words = quads(pixels);
  const expected = corruptBatch(
    { ...pair, range, swap, shift },
    { rows, columns, channels },
    chosen,
    noise,
    key,
  );
  const x = expected.x.map((value) => value - centre);
  // The strengths follow the batch, a quad each; the gap in front of them keeps its numbers.
  const strengths = noiseMap ? batchRows * words + 2 : 0;
  const extra = noiseMap ? [...filled(8, untouched), ...quadsOf(expected.strengths, batchRows)] : [];
  return kernelCase({
    name: `corrupt_batch ${text}, ${chosen.length} of ${count}, ${image.join(" x ")}, batch ${batch}${streamed ? ", streamed" : ""}${swap ? ", swapped" : ""}${shift ? `, shifted by ${shift}` : ""}${centre ? ", centred" : ""}${noiseMap ? ", with a noise map" : ""}${formatName(format)}`,
    kernel,
    constants: {
      ...sampleConstants(format),
      ...noiseConstants(noise),
      SWAP: swap ? 1 : 0,
      SHIFT: shift,
      CENTRE: centre,
    },
    buffers: {
      sweep: sweepUniform({
        ...{ count, batch, pixels },
        ...{ seed: key.seed, noiseStream: key.stream, epoch: key.epoch },
      }),
      window: windowUniform(streamed, first),
      noise: noiseUniform(noise, [rows, columns], channels, strengths),
      order,
      noisy: packedWords(imagesOf(pair.noisy, pixels, held), pixels, bits),
      clean: packedWords(imagesOf(pair.clean, pixels, held), pixels, bits),
      cursor: cursor(step, 77),
      activations: filled(batchRows * 4 * words + extra.length, untouched),
      cleanBatch:
        bits === 8 ? new Uint32Array(batchRows * words).fill(0xabcdef) : filled(batchRows * 4 * words, 7),
    },
    invocations: [words, batchRows],
    expected: {
      activations: { values: [...paddedBatch(x, pixels, batchRows), ...extra], ...tolerance },
      cleanBatch: cleanWords(allRows(expected.clean, pixels, batchRows), pixels, bits),
      cursor: exactly(cursor(step, step)),
    },
  });
}

/** The samples of these images, concatenated. */
function imagesOf(samples: Samples, pixels: number, images: Uint32Array): Samples {
  const some = newSamples(bitsOf(samples), images.length * pixels);
  images.forEach((image, place) => {
    some.set(samples.subarray(image * pixels, (image + 1) * pixels), place * pixels);
  });
  return some;
}

/** A batch in the layout of activations; rows without an image are zeros. */
function paddedBatch(values: Float64Array, pixels: number, rows: number): Float32Array {
  return padRows(allRows(values, pixels, rows), rows, pixels);
}

/** A batch with all its rows; those without an image are zeros. */
function allRows(values: Float64Array, pixels: number, rows: number): Float64Array {
  const all = new Float64Array(rows * pixels);
  all.set(values);
  return all;
}
