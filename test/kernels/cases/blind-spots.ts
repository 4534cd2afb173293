import {
  blindSpotsUniform,
  exchangeBatch as exchangeKernel,
  blindSpots as kernel,
} from "../../../src/kernels/blind-spots.ts";
import { sweepUniform } from "../../../src/kernels/sweep.ts";
import { padRows, quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { blindSpots } from "../../../src/reference/blind-spots.ts";
import { exchangeBatch } from "../../../src/reference/exchange-batch.ts";
import { shuffleOrder } from "../../../src/reference/shuffle-order.ts";
import { parseMask } from "../../../src/spec/blind-spots.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { filled, untouched } from "./layer-fixture.ts";
import { cursor, exactly, packedWords } from "./sweep-fixture.ts";

interface Batch {
  readonly image: readonly [rows: number, columns: number];
  readonly channels: number;
  readonly mask: string;
}

const batches: readonly Batch[] = [
  { image: [5, 5], channels: 1, mask: "1x1" },
  { image: [28, 28], channels: 1, mask: "1x1" },
  // Cells of unequal sides, values that share a word with those of another pixel.
  { image: [17, 23], channels: 3, mask: "1x1" },
  { image: [12, 9], channels: 3, mask: "5x1" },
  // Masks that overlap each other and the edges.
  { image: [35, 19], channels: 1, mask: "15x3" },
  { image: [21, 35], channels: 1, mask: "1x17" },
  { image: [20, 16], channels: 3, mask: "9x9" },
];

export function blindSpotsCases(): KernelCase[] {
  return [...batches.map(blindCase), exchangeCase()];
}

/** The last, short step of a sweep; the epoch of the spots is not that of the noise. */
const [count, batch, step, epoch] = [17, 6, 2, 4] as const;

function blindCase({ image, channels, mask: text }: Batch): KernelCase {
  const name = `blind_spots ${image.join(" x ")} x ${channels}, mask ${text}`;
  const mask = parseMask(text);
  const [rows, columns] = image;
  const size = rows * columns * channels;
  const numbers = new MadeNumbers(name);
  const order = shuffleOrder(count, 3, 0);
  const chosen = order.subarray(step * batch, count);
  const key = { seed: 0xfffffff3, stream: streams.trainingNoise, epoch };
  const x = numbers.floats(chosen.length * size);
  const shape = { rows, columns, channels };
  const expected = blindSpots(Float64Array.from(x), shape, mask, chosen, key);

  const padded = 4 * quads(batch);
  const values = padRows(x, padded, size);
  const blinded = Float64Array.from(values);
  blinded.set(padRows(expected.x, chosen.length, size));
  const counted = new Uint32Array(padded * quads(size));
  counted.set(packedWords(expected.counted, size));
  return kernelCase({
    name,
    kernel,
    buffers: {
      sweep: sweepUniform({ count, batch, pixels: size, seed: key.seed, noiseStream: key.stream, epoch: 1 }),
      spots: blindSpotsUniform(image, channels, mask, epoch),
      order,
      cursor: cursor(99, step),
      activations: values,
      blinded: filled(values.length, untouched),
      counted: new Uint32Array(counted.length).fill(7),
    },
    invocations: [quads(size), padded],
    expected: { blinded: exactly(blinded), counted: exactly(counted) },
  });
}

function exchangeCase(): KernelCase {
  const numbers = new MadeNumbers("exchange_batch");
  const pixels = 5 * 7 * 3;
  const values = 4 * quads(batch) * 4 * quads(pixels);
  const [x, targets] = [numbers.floats(values), numbers.floats(values)];
  const after = exchangeBatch({ x, targets });
  // The network has a value more than a batch.
  const activations = Float32Array.from([...x, untouched]);
  return kernelCase({
    name: "exchange_batch",
    kernel: exchangeKernel,
    buffers: {
      sweep: sweepUniform({ count, batch, pixels, seed: 0, noiseStream: streams.trainingNoise, epoch: 0 }),
      activations,
      targets,
    },
    invocations: [quads(pixels), 4 * quads(batch)],
    expected: {
      activations: exactly(Float32Array.from([...after.x, untouched])),
      targets: exactly(after.targets),
    },
  });
}
