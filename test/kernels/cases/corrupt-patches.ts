import { bytes8, type SampleFormat } from "../../../src/data/samples.ts";
import { noiseConstants, noiseUniform } from "../../../src/kernels/noise-stages.ts";
import { corruptPatches as kernel } from "../../../src/kernels/patches.ts";
import { sampleConstants } from "../../../src/kernels/samples.ts";
import { sweepUniform } from "../../../src/kernels/sweep.ts";
import { padRows, quads } from "../../../src/math/layout.ts";
import { patchTable } from "../../../src/math/patch-table.ts";
import { streams } from "../../../src/math/streams.ts";
import { corruptPatches } from "../../../src/reference/corrupt-patches.ts";
import { placePatches } from "../../../src/reference/place-patches.ts";
import { shuffleOrder } from "../../../src/reference/shuffle-order.ts";
import { parseNoise } from "../../../src/spec/noise-text.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { filled, quadsOf, sumTolerance, untouched } from "./layer-fixture.ts";
import { pictureSizes } from "./place-patches.ts";
import { cleanWords, cursor, deepFormats, exactly, formatName, packedWords } from "./sweep-fixture.ts";

interface Patches {
  readonly side: number;
  readonly channels: number;
  readonly flips: boolean;
  readonly noise: string;
  /** Separate noisy pictures. */
  readonly twins?: boolean;
  /** Noise2Noise. */
  readonly swap?: boolean;
  readonly centre?: number;
  readonly noiseMap?: boolean;
  readonly format?: SampleFormat;
}

export function corruptPatchesCases(): KernelCase[] {
  const deep = deepFormats.flatMap((format): Patches[] => [
    { side: 5, channels: 1, flips: true, noise: "none", twins: true, format },
    { side: 4, channels: 3, flips: true, noise: "uniform:0.2+unclipped", twins: true, swap: true, format },
    { side: 3, channels: 3, flips: true, noise: "blur:1+uniform:0.1", centre: 0.5, format },
  ]);
  const bytes: Patches[] = [
    { side: 1, channels: 1, flips: false, noise: "none" },
    { side: 5, channels: 1, flips: true, noise: "none", twins: true },
    { side: 4, channels: 3, flips: true, noise: "none", twins: true },
    { side: 3, channels: 1, flips: true, noise: "none", twins: true, swap: true },
    { side: 5, channels: 3, flips: false, noise: "uniform:0.2+unclipped" },
    { side: 3, channels: 3, flips: true, noise: "uniform:0.2+unclipped", centre: 0.5 },
    { side: 3, channels: 1, flips: true, noise: "salt-pepper:0.3" },
    { side: 4, channels: 1, flips: true, noise: "uniform:0.1..0.4^-2" },
    { side: 3, channels: 3, flips: true, noise: "uniform:0.1..0.4", noiseMap: true },
    // The surroundings of the patch: its blur reaches 6 pixels outside.
    { side: 5, channels: 1, flips: true, noise: "blur:2" },
    { side: 3, channels: 3, flips: true, noise: "blur:0.5..2+uniform:0.1" },
    { side: 2, channels: 1, flips: false, noise: "blur:1", twins: true },
  ];
  return [...bytes, ...deep].map(patchesCase);
}

function patchesCase({
  side,
  channels,
  flips,
  noise: text,
  twins = false,
  swap = false,
  centre = 0,
  noiseMap = false,
  format = bytes8,
}: Patches): KernelCase {
  const name = `corrupt_patches ${side} x ${side} x ${channels} ${text}${flips ? " turned" : ""}${twins ? " twins" : ""}${swap ? " swapped" : ""}${centre ? " centred" : ""}${noiseMap ? " with a noise map" : ""}${formatName(format)}`;
  const noise = parseNoise(text);
  const [count, batch, step] = [29, 6, 4];
  const size = side * side * channels;
  const table = patchTable(pictureSizes, side, channels);
  const numbers = new MadeNumbers(name);
  const { bits, range } = format;
  const clean = numbers.samples(bits, table.values);
  const noisy = twins ? numbers.samples(bits, table.values) : clean;
  const drawStream = streams.validationPatches;
  const places = placePatches(table, { count, side, channels, flips, seed: 5, drawStream, epoch: 2 });
  const order = shuffleOrder(count, 1, 0);
  const chosen = order.subarray(step * batch, count);
  const shape = { rows: side, columns: side, channels };
  const key = { seed: 5, stream: streams.trainingNoise, epoch: 2 };
  const expected = corruptPatches({ table, places, clean, noisy, range, swap }, shape, chosen, noise, key);

  const rows = 4 * quads(batch);
  const stride = 4 * quads(size);
  // The network has one block more than the kernel may write.
  const activations = filled(rows * stride + 8 + (noiseMap ? 4 * rows : 0), untouched);
  const x = Float64Array.from(activations).fill(0, 0, rows * stride);
  const seen = expected.x.map((value) => value - centre);
  x.set(padRows(seen, chosen.length, size));
  // The strengths follow the batch, a quad each.
  const strengths = noiseMap ? (rows * stride) / 4 + 1 : 0;
  if (noiseMap) x.set(quadsOf(expected.strengths, rows), 4 * strengths);
  const wanted = new Float64Array(rows * size);
  wanted.set(expected.clean);
  const words = (values: ArrayLike<number>) => packedWords(values, values.length, bits);
  return kernelCase({
    name,
    kernel,
    constants: { ...sampleConstants(format), ...noiseConstants(noise), SWAP: swap ? 1 : 0, CENTRE: centre },
    buffers: {
      sweep: sweepUniform({ count, batch, pixels: size, seed: 5, noiseStream: key.stream, epoch: 2 }),
      noise: noiseUniform(noise, [side, side], channels, strengths),
      order,
      places: new Uint32Array(places.buffer),
      pictures: table.pictures,
      noisy: words(noisy),
      clean: words(clean),
      cursor: cursor(step, 99),
      activations,
      cleanBatch: bits === 8 ? new Uint32Array((rows * stride) / 4).fill(7) : filled(rows * stride, 7),
    },
    invocations: [quads(size), rows],
    expected: {
      activations: {
        values: x,
        // Decoding, a product and a sum; for blur a window of weights, as in corrupt-batch.ts.
        atol:
          (text.startsWith("blur") ? 2 * sumTolerance(19 * 19 + 42) : 0) + (bits === 8 ? 1 : 17) * 2 ** -22,
        rtol: 2 ** -22,
      },
      cleanBatch: cleanWords(wanted, size, bits),
      cursor: exactly(cursor(step, step)),
    },
  });
}
