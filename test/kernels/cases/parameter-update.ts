import { parameterUpdate as kernel } from "../../../src/kernels/conv.ts";
import { optimizerConstants, optimizerUniform, stepRates } from "../../../src/kernels/optimizer.ts";
import { sweepUniform } from "../../../src/kernels/sweep.ts";
import { quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { parameterUpdate } from "../../../src/reference/parameter-update.ts";
import { adadeltaPresets, defaultAdam, type OptimizerSpec } from "../../../src/spec/optimizer.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { madePartials } from "./batch-metrics.ts";
import { overlaid } from "./layer-fixture.ts";
import { cursor, exactly } from "./sweep-fixture.ts";

export function parameterUpdateCases(): KernelCase[] {
  return [
    updateCase(1, 1, 1, adadeltaPresets.keras2),
    updateCase(70, 5, 7, adadeltaPresets.keras2),
    updateCase(64, 3, 128, defaultAdam),
    updateCase(9, 64, 4, { name: "adam", lr: 0.01, beta1: 0.5, beta2: 0.8, epsilon: 1e-5 }),
    troubleCase(Number.POSITIVE_INFINITY),
    troubleCase(Number.NaN),
  ];
}

/** Quads in turn of two lists of numbers, as `moments` holds them. */
function inTurn(squares: ArrayLike<number>, others: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: 2 * squares.length }, (_, index) => {
    const from = index % 8 < 4 ? squares : others;
    return from[4 * Math.floor(index / 8) + (index % 4)] ?? Number.NaN;
  });
}

function updateCase(quadCount: number, splits: number, batch: number, spec: OptimizerSpec): KernelCase {
  const name = `${kernel.name} ${quadCount} quads in ${splits}, batch ${batch}, ${spec.name}`;
  const numbers = new MadeNumbers(name);
  const count = 4 * quadCount;
  const parameters = numbers.floats(count);
  const [squares, others] = [numbers.floats(count, 0, 1e-4), numbers.floats(count, 0, 1e-4)];
  const parts = numbers.floats(splits * count, -0.01, 0.01);
  const step = 1;
  const updated = Float64Array.from(parameters);
  const moments = { squares: Float64Array.from(squares), others: Float64Array.from(others) };
  parameterUpdate(updated, moments, parts, { optimizer: spec, step: step + 1 });

  const pixels = 13;
  const samples = Math.max(1, batch - 1);
  const visited = step * batch + samples;
  const partials = madePartials(name, batch, pixels);
  const metrics = new Float32Array(2 * visited);
  const sweep = { count: visited, batch, pixels, seed: 0, noiseStream: streams.trainingNoise, epoch: 0 };
  const atol = splits * 2 ** -24 * 0.01;
  return kernelCase({
    name,
    kernel,
    constants: { OPTIMIZER: optimizerConstants[spec.name] },
    buffers: {
      sizes: Uint32Array.from([quadCount, splits, 0, 0]),
      sweep: sweepUniform(sweep),
      optimizer: optimizerUniform(spec),
      partials: partials.partials,
      rates: stepRates(spec, { kind: "constant" }, { epoch: 0, epochs: 1, stepsPerEpoch: step + 1 }),
      parts,
      parameters,
      moments: Float32Array.from(inTurn(squares, others)),
      metrics,
      cursor: cursor(step, step),
    },
    invocations: quadCount + quads(batch),
    expected: {
      parameters: { values: updated, atol: 16 * atol + 2 ** -24, rtol: 2 ** -22 },
      moments: {
        values: inTurn(moments.squares, moments.others),
        // Adam's first mean takes a share of the gradient itself, the others of numbers a hundredth as large.
        atol: spec.name === "adam" ? atol : atol * 0.01,
        rtol: 2 ** -20,
      },
      metrics: {
        values: overlaid(metrics, partials.metrics.subarray(0, 2 * samples), 2 * step * batch),
        atol: 0,
        rtol: partials.rtol,
      },
      cursor: exactly(cursor(step + 1, step)),
    },
  });
}

/** A weight that is not finite must set the flag to the step's number, and nothing else may set it. */
function troubleCase(weight: number): KernelCase {
  const sweep = { count: 8, batch: 1, pixels: 2, seed: 0, noiseStream: streams.trainingNoise, epoch: 0 };
  return kernelCase({
    name: `${kernel.name} with a weight of ${weight}`,
    kernel,
    constants: { OPTIMIZER: optimizerConstants.adadelta },
    buffers: {
      sizes: Uint32Array.from([1, 1, 0, 0]),
      sweep: sweepUniform(sweep),
      optimizer: optimizerUniform(adadeltaPresets.keras2),
      partials: new Float32Array(8),
      rates: new Float32Array(2 * 8).fill(1),
      parts: new Float32Array(4),
      parameters: Float32Array.from([0.5, weight, 0, 0]),
      moments: new Float32Array(8),
      metrics: new Float32Array(16),
      cursor: cursor(5, 5),
    },
    invocations: 2,
    expected: {
      parameters: { values: [0.5, weight, 0, 0], atol: 0, rtol: 0 },
      cursor: exactly(cursor(6, 5, 5)),
    },
  });
}
