import { weightUpdate as kernels, layersUniform } from "../../../src/kernels/dense.ts";
import { type Family, families } from "../../../src/kernels/family.ts";
import { optimizerConstants, optimizerUniform, stepRates } from "../../../src/kernels/optimizer.ts";
import { sweepUniform } from "../../../src/kernels/sweep.ts";
import { layOut, type NetworkLayout, packParameters, padRows, quads } from "../../../src/math/layout.ts";
import { streams } from "../../../src/math/streams.ts";
import { weightUpdate } from "../../../src/reference/weight-update.ts";
import { autoencoder, endsOf } from "../../../src/spec/network.ts";
import { adadeltaPresets, defaultAdam, type OptimizerSpec } from "../../../src/spec/optimizer.ts";
import { type KernelCase, kernelCase, type Selection } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { madePartials } from "./batch-metrics.ts";
import { overlaid } from "./layer-fixture.ts";
import { cursor, exactly } from "./sweep-fixture.ts";

export function weightUpdateCases(selection: Selection): KernelCase[] {
  const odd = { name: "adadelta", lr: 0.3, rho: 0.9, epsilon: 1e-6 } as const;
  const oddAdam = { name: "adam", lr: 0.01, beta1: 0.5, beta2: 0.8, epsilon: 1e-5 } as const;
  return families.flatMap((family) => [
    updateCase(family, [1, 1], [1], 1),
    updateCase(family, [5, 7], [6, 1, 6], 7),
    updateCase(family, [3, 3], [9], 4, odd),
    updateCase(family, [4, 4], [8, 4], 13, odd),
    updateCase(family, [2, 5], [33, 3, 5, 4, 31], 6),
    updateCase(family, [28, 28], [32], 128),
    updateCase(
      family,
      [1, 3],
      Array.from({ length: 15 }, (_, index) => 1 + (index % 5)),
      3,
    ),
    troubleCase(family, Number.POSITIVE_INFINITY),
    troubleCase(family, Number.NaN),
    // The code of the optimizer is the same in every family.
    ...(selection === "all" || family === families[0]
      ? [
          updateCase(family, [5, 7], [6, 1, 6], 7, defaultAdam),
          updateCase(family, [2, 5], [33, 3, 5, 4, 31], 6, oddAdam),
        ]
      : []),
  ]);
}

function updateCase(
  family: Family,
  image: readonly [number, number],
  hidden: readonly number[],
  batch: number,
  spec: OptimizerSpec = adadeltaPresets.keras2,
): KernelCase {
  const kernel = kernels[family];
  const name = `${kernel.name} ${image.join("x")} ${hidden.join(",")} batch ${batch}`;
  const network = autoencoder(image, hidden);
  const layout = layOut(network, batch);
  const numbers = new MadeNumbers(name);
  const made = layout.layers
    .map(({ spec, inputOffset, gradientOffset }) => ({ ...endsOf([spec]), inputOffset, gradientOffset }))
    .map(({ inputs, outputs, inputOffset, gradientOffset }) => ({
      inputs,
      outputs,
      inputOffset,
      gradientOffset,
      weights: { weight: numbers.floats(outputs * inputs), bias: numbers.floats(outputs) },
      a: { weight: numbers.floats(outputs * inputs, 0, 1e-4), bias: numbers.floats(outputs, 0, 1e-4) },
      d: { weight: numbers.floats(outputs * inputs, 0, 1e-4), bias: numbers.floats(outputs, 0, 1e-4) },
      x: numbers.floats(batch * inputs),
      dy: numbers.floats(batch * outputs, -0.01, 0.01),
    }));

  // Block after block: X of every layer, then the output, which is not read here; then dY of every layer.
  const activations = new Float32Array(4 * layout.activationQuads);
  const gradients = new Float32Array(4 * layout.gradientQuads);
  made.forEach(({ inputs, outputs, inputOffset, gradientOffset, x, dy }) => {
    activations.set(padRows(x, batch, inputs), 4 * inputOffset);
    gradients.set(padRows(dy, batch, outputs), 4 * gradientOffset);
  });

  const step = 1;
  const updated = made.map(({ inputs, outputs, weights, a, d, x, dy }) => {
    const layer = { inputs, outputs, ...doubles(weights) };
    const [squares, others] = [doubles(a), doubles(d)];
    const moments = {
      weight: { squares: squares.weight, others: others.weight },
      bias: { squares: squares.bias, others: others.bias },
    };
    weightUpdate(layer, moments, x, dy, { optimizer: spec, step: step + 1 });
    return { weights: layer, a: squares, d: others };
  });

  const pixels = image[0] * image[1];
  const samples = Math.max(1, batch - 1);
  const count = step * batch + samples;
  const partials = madePartials(name, batch, pixels);
  const metrics = new Float32Array(2 * count);
  const sweep = { count, batch, pixels, seed: 0, noiseStream: streams.trainingNoise, epoch: 0 };
  // A sum of `batch` products of numbers up to 1 and 0.01, multiplied by the quotient of the two roots, which is at most 1.
  const atol = batch * 2 ** -24 * 0.01;
  return kernelCase({
    name,
    kernel,
    constants: { OPTIMIZER: optimizerConstants[spec.name] },
    buffers: {
      layers: layersUniform(layout),
      sweep: sweepUniform(sweep),
      optimizer: optimizerUniform(spec),
      activations,
      gradients,
      partials: partials.partials,
      rates: stepRates(spec, { kind: "constant" }, { epoch: 0, epochs: 1, stepsPerEpoch: step + 1 }),
      parameters: packParameters(
        layout,
        made.map(({ weights }) => weights),
      ),
      moments: Float32Array.from(
        quadByQuad(
          packParameters(
            layout,
            made.map(({ a }) => a),
          ),
          packParameters(
            layout,
            made.map(({ d }) => d),
          ),
        ),
      ),
      metrics,
      cursor: cursor(step, step),
    },
    invocations: layout.weightTiles * kernel.workgroup[0] + layout.rowQuads,
    expected: {
      parameters: {
        values: packDoubles(
          layout,
          updated.map(({ weights }) => weights),
        ),
        atol: 16 * atol + 2 ** -24,
        rtol: 2 ** -22,
      },
      moments: {
        values: quadByQuad(
          packDoubles(
            layout,
            updated.map(({ a }) => a),
          ),
          packDoubles(
            layout,
            updated.map(({ d }) => d),
          ),
        ),
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
function troubleCase(family: Family, weight: number): KernelCase {
  const kernel = kernels[family];
  const network = autoencoder([1, 2], [1]);
  const layout = layOut(network, 1);
  const parameters = packParameters(layout, [
    { weight: Float32Array.from([0.5, weight]), bias: new Float32Array(1) },
    { weight: new Float32Array(2), bias: new Float32Array(2) },
  ]);
  const sweep = { count: 8, batch: 1, pixels: 2, seed: 0, noiseStream: streams.trainingNoise, epoch: 0 };
  return kernelCase({
    name: `${kernel.name} with a weight of ${weight}`,
    kernel,
    constants: { OPTIMIZER: optimizerConstants.adadelta },
    buffers: {
      layers: layersUniform(layout),
      sweep: sweepUniform(sweep),
      optimizer: optimizerUniform(adadeltaPresets.keras2),
      activations: new Float32Array(4 * layout.activationQuads),
      gradients: new Float32Array(4 * layout.gradientQuads),
      partials: new Float32Array(8),
      rates: new Float32Array(2 * 8).fill(1),
      parameters,
      moments: new Float32Array(2 * parameters.length),
      metrics: new Float32Array(16),
      cursor: cursor(5, 5),
    },
    invocations: layout.weightTiles * kernel.workgroup[0] + layout.rowQuads,
    expected: { cursor: exactly(cursor(6, 5, 5)) },
  });
}

/** Alternating quads of both, in the layout of the moments. */
function quadByQuad(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: 2 * first.length }, (_, index) => {
    const from = index % 8 < 4 ? first : second;
    return from[4 * Math.floor(index / 8) + (index % 4)] ?? Number.NaN;
  });
}

interface Doubles {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

function doubles({ weight, bias }: { weight: Float32Array; bias: Float32Array }): Doubles {
  return { weight: Float64Array.from(weight), bias: Float64Array.from(bias) };
}

/** packParameters, in float64. */
function packDoubles({ layers, parameterQuads }: NetworkLayout, values: readonly Doubles[]): Float64Array {
  const packed = new Float64Array(4 * parameterQuads);
  values.forEach(({ weight, bias }, index) => {
    const layer = layers[index];
    if (!layer) throw new RangeError(`There is no layer ${index}.`);
    const { inputs } = endsOf([layer.spec]);
    bias.forEach((value, o) => {
      const row = 4 * (layer.weightOffset + o * quads(inputs));
      packed.set(weight.subarray(o * inputs, (o + 1) * inputs), row);
      packed[4 * layer.biasOffset + o] = value;
    });
  });
  return packed;
}
