import { type ConvLayerSpec, convSizes, convUniform } from "../../../src/kernels/conv-sizes.ts";
import { type ConvFamily, type Family, families } from "../../../src/kernels/family.ts";
import { type LayerLayout, type NetworkLayout, planeBlock, quads } from "../../../src/math/layout.ts";
import type { ConvLayer } from "../../../src/reference/conv-layer.ts";
import { type BlockSize, valuesOf } from "../../../src/spec/layer-specs.ts";
import { outputSize } from "../../../src/spec/layers.ts";
import type { Selection } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { filled, untouched } from "./layer-fixture.ts";

/** A convolution's input [rows, columns, channels], its output channels, its stride, and the images of a batch. */
export interface ConvShape {
  readonly input: readonly [rows: number, columns: number, channels: number];
  readonly channels: number;
  readonly stride?: 1 | 2;
  readonly batch: number;
}

/** A pixel, odd sides, channels that are not multiples of any tile, both strides on even and odd sides, several workgroups. */
const convShapes: readonly ConvShape[] = [
  { input: [1, 1, 1], channels: 1, batch: 1 },
  { input: [1, 1, 5], channels: 3, batch: 3 },
  { input: [4, 5, 1], channels: 5, batch: 2 },
  { input: [7, 3, 3], channels: 17, batch: 5 },
  { input: [5, 9, 17], channels: 64, batch: 2 },
  { input: [6, 6, 64], channels: 9, batch: 1 },
  { input: [16, 13, 32], channels: 32, batch: 3 },
  { input: [23, 24, 6], channels: 3, batch: 1 },
  { input: [1, 1, 3], channels: 2, stride: 2, batch: 2 },
  { input: [2, 2, 5], channels: 4, stride: 2, batch: 1 },
  { input: [7, 5, 3], channels: 17, stride: 2, batch: 3 },
  { input: [8, 6, 17], channels: 5, stride: 2, batch: 4 },
  { input: [14, 9, 8], channels: 33, stride: 2, batch: 5 },
];

/** Sides and channels that are no multiples of a tile, with each stride. */
const edgeShapes: readonly ConvShape[] = [
  { input: [7, 3, 3], channels: 17, batch: 5 },
  { input: [7, 5, 9], channels: 5, stride: 2, batch: 3 },
];

/** A convolution or a transposed one in one of its implementations. */
export type ConvVariant = {
  readonly shape: ConvShape;
  /** Whether the layer adds other images to its output, and a later layer adds its input. Default: false. */
  readonly skips?: boolean;
} & (
  | { readonly kind: "conv"; readonly family: ConvFamily }
  | { readonly kind: "up"; readonly family: Family }
);

const convFamilies: readonly ConvFamily[] = [...families, "subgroup"];

/** The shapes that a family has kernels for. */
function shapesOf(family: ConvFamily, shapes: readonly ConvShape[]): readonly ConvShape[] {
  return family === "subgroup" ? shapes.filter(({ stride = 1 }) => stride === 1) : shapes;
}

/**
 * All families and shapes for the `variant` of a kernel, an index into its list. Variants share the product, so the first family runs
 * them with few shapes, and the others with none.
 */
export function convVariants(variant: number, selection: Selection): ConvVariant[] {
  const all = selection === "all" || variant === 0;
  return [
    ...convFamilies.flatMap((family, index) => {
      const few = index === 0 ? edgeShapes : [];
      return shapesOf(family, all ? convShapes : few).map(
        (shape): ConvVariant => ({ kind: "conv", family, shape }),
      );
    }),
    ...families.flatMap((family, index) =>
      (all || index === 0 ? upShapes : []).map((shape): ConvVariant => ({ kind: "up", family, shape })),
    ),
  ];
}

/** The shapes of transposed convolutions, whose input is half as large. */
const upShapes: readonly ConvShape[] = [
  { input: [1, 1, 1], channels: 1, batch: 1 },
  { input: [1, 3, 5], channels: 3, batch: 2 },
  { input: [4, 3, 17], channels: 9, batch: 3 },
  { input: [7, 7, 8], channels: 8, batch: 5 },
  { input: [5, 8, 3], channels: 64, batch: 1 },
];

/** Few shapes in all families, with other images added. */
export function skipVariants(): ConvVariant[] {
  return [
    ...convFamilies.flatMap((family) =>
      shapesOf(family, edgeShapes).map(
        (shape): ConvVariant => ({ kind: "conv", family, shape, skips: true }),
      ),
    ),
    ...families.flatMap((family) =>
      upShapes.slice(2, 3).map((shape): ConvVariant => ({ kind: "up", family, shape, skips: true })),
    ),
  ];
}

/** A convolution at an offset in its buffers, with a batch of inputs, in float32 and in float64. */
export class ConvFixture {
  readonly batch: number;
  readonly spec: ConvLayerSpec;
  readonly output: BlockSize;
  readonly layer: ConvLayer;
  readonly layout: LayerLayout;
  /** The parts of the network's layout that the kernels use. */
  readonly network: Pick<NetworkLayout, "batch" | "gradientSplits" | "parameterQuads">;
  /** [batch, input] */
  readonly x: Float32Array<ArrayBuffer>;
  /** [batch, output]: what is added to the output, if anything. */
  readonly added: Float32Array<ArrayBuffer> | undefined;
  /** [batch, input]: the gradient of a later layer that adds the input, if there is one. */
  readonly adder: Float32Array<ArrayBuffer> | undefined;
  readonly numbers: MadeNumbers;
  readonly #before: number;

  /**
   * `before` is the number of quads in `activations` in front of the layer's planes. With `skips` the layer adds other images to its
   * output, and a later layer adds its input.
   */
  constructor(
    name: string,
    kind: "conv" | "up",
    { input: [rows, columns, inputs], channels, stride = 1, batch }: ConvShape,
    { splits = 1, before = 3, skips = false } = {},
  ) {
    this.numbers = new MadeNumbers(`${name} ${rows} ${columns} ${inputs} ${channels} ${stride} ${batch}`);
    this.batch = batch;
    this.#before = before;
    const input = { rows, columns, channels: inputs };
    this.spec =
      kind === "conv"
        ? { kind, input, channels, stride, activation: "relu" }
        : { kind, input, channels, activation: "relu" };
    this.output = outputSize(this.spec);
    const { big, small } = convSizes(this.spec);
    const scale = 2 / Math.sqrt(9 * inputs);
    this.layer = {
      ...{ big, small, stride: kind === "conv" ? stride : 2 },
      weight: Float64Array.from(this.numbers.floats(small.channels * big.channels * 9, -scale, scale)),
      bias: Float64Array.from(this.numbers.floats(channels)),
    };
    this.x = this.numbers.floats(batch * valuesOf(input)).map((value) => Math.max(0, value));
    const [x, y] = [planeBlock(input, batch), planeBlock(this.output, batch)];
    const weightQuads = 4 * quads(small.channels) * 9 * quads(big.channels);
    // There are gaps between the blocks, so that a wrong offset is detected.
    this.layout = {
      spec: this.spec,
      rowQuads: quads(batch),
      inputOffset: before + x.start,
      outputOffset: before + x.quads + 2 + y.start,
      weightOffset: 5,
      biasOffset: 5 + weightQuads + 1,
      gradientOffset: 1 + y.start,
      inputGradientOffset: 1 + y.quads + 4 + x.start,
      addedOffset: skips ? before + x.quads + 2 + y.quads + 2 + y.start : 0,
      adderGradientOffset: skips ? 1 + y.quads + 4 + x.quads + 1 + x.start : 0,
      firstTile: 0,
    };
    this.added = skips ? this.numbers.floats(batch * valuesOf(this.output)) : undefined;
    this.adder = skips ? this.numbers.floats(batch * valuesOf(input)) : undefined;
    const parameterQuads = 5 + weightQuads + 1 + quads(channels) + 2;
    this.network = { batch, gradientSplits: splits, parameterQuads };
  }

  get uniform(): Uint32Array<ArrayBuffer> {
    return convUniform(this.spec, this.layout, this.network);
  }

  /** The `parameters` buffer, with other numbers before and after the layer's. */
  get parameters(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.packed(this.layer, untouched));
  }

  /** Weights and biases at their places in `parameters`, and `other` elsewhere. */
  packed({ weight, bias }: Pick<ConvLayer, "weight" | "bias">, other: number): Float64Array {
    const { big, small } = this.layer;
    const { weightOffset, biasOffset } = this.layout;
    const packed = new Float64Array(4 * this.network.parameterQuads).fill(other);
    const stride = 4 * quads(big.channels);
    packed.fill(0, 4 * weightOffset, 4 * weightOffset + 4 * quads(small.channels) * 9 * stride);
    packed.fill(0, 4 * biasOffset, 4 * (biasOffset + quads(bias.length)));
    for (let o = 0; o < small.channels; o++) {
      for (let i = 0; i < big.channels; i++) {
        for (let tap = 0; tap < 9; tap++) {
          packed[4 * weightOffset + (o * 9 + tap) * stride + i] =
            weight[(o * big.channels + i) * 9 + tap] ?? Number.NaN;
        }
      }
    }
    packed.set(bias, 4 * biasOffset);
    return packed;
  }

  /** The `activations` buffer before the launch: `first`, X, zeros where Y will be, and what is added to it. */
  activationsAfter(first: ArrayLike<number> = []): Float32Array<ArrayBuffer> {
    const [x, y] = [planeBlock(this.spec.input, this.batch), planeBlock(this.output, this.batch)];
    const end = this.#before + x.quads + 2 + y.quads + 2;
    const activations = filled(4 * (end + (this.added ? y.quads : 0)), untouched);
    if (this.added) activations.set(this.planes(this.added, this.output), 4 * end);
    activations.set(first);
    activations.set(this.planes(this.x, this.spec.input), 4 * this.#before);
    activations.fill(
      0,
      4 * (this.layout.outputOffset - y.start),
      4 * (this.layout.outputOffset - y.start + y.quads),
    );
    return activations;
  }

  /** The `gradients` buffer before the launch: dY, zeros where dX will be, and what is added to it. */
  gradients(dy: ArrayLike<number>): Float32Array<ArrayBuffer> {
    const [x, y] = [planeBlock(this.spec.input, this.batch), planeBlock(this.output, this.batch)];
    const end = 1 + y.quads + 4 + x.quads + 1;
    const gradients = filled(4 * (end + (this.adder ? x.quads : 0)), untouched);
    if (this.adder) gradients.set(this.planes(this.adder, this.spec.input), 4 * end);
    gradients.set(this.planes(dy, this.output), 4);
    gradients.fill(0, 4 * (1 + y.quads + 4), 4 * (1 + y.quads + 4 + x.quads));
    return gradients;
  }

  /** Images [batch, rows, columns, channels] as a block of planes. */
  planes(values: ArrayLike<number>, size: BlockSize): Float64Array {
    return planesOf(values, size, this.batch);
  }

  /** The first number of the output's planes in `activations`, of the gradient of the input, and of the output. */
  get places(): { readonly y: number; readonly dx: number; readonly dy: number } {
    const [x, y] = [planeBlock(this.spec.input, this.batch), planeBlock(this.output, this.batch)];
    const { outputOffset, inputGradientOffset, gradientOffset } = this.layout;
    return {
      y: 4 * (outputOffset - y.start),
      dx: 4 * (inputGradientOffset - x.start),
      dy: 4 * (gradientOffset - y.start),
    };
  }
}

/** Images [images, rows, columns, channels] as a block of planes. */
export function planesOf(values: ArrayLike<number>, size: BlockSize, images: number): Float64Array {
  const { rows, columns, channels } = size;
  const block = planeBlock(size, images);
  const stride = 4 * quads(channels);
  const planes = new Float64Array(4 * block.quads);
  for (let index = 0; index < images * valuesOf(size); index++) {
    const pixel = Math.floor(index / channels);
    const column = pixel % columns;
    const line = Math.floor(pixel / columns);
    const image = Math.floor(line / rows);
    const place = (image * (rows + 1) + (line % rows)) * (columns + 1) + column;
    planes[4 * block.start + place * stride + (index % channels)] = values[index] ?? Number.NaN;
  }
  return planes;
}
