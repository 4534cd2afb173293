import type { MessageInitShape } from "@bufbuild/protobuf";
import { taps } from "../spec/layer-kinds.ts";
import type { ActivationName, LayerKind, LayerSpec } from "../spec/layer-specs.ts";
import { parameterShapes, skipOf } from "../spec/layers.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import { encodeElements } from "./dtype.ts";
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type NodeProtoSchema,
  type TensorProtoSchema,
} from "./onnx/onnx_pb.ts";

/*
 * The operators of a network's layers. Blocks of pixels become channels by SpaceToDepth, in another order than PyTorch's
 * pixel_unshuffle, so the first weights are reordered; the output is converted back by DepthToSpace, which has PyTorch's order ("CRD").
 */

/** The names of the graphs' inputs and outputs. */
export const onnxNames = {
  noisy: "noisy",
  strength: "strength",
  code: "code",
  denoised: "denoised",
} as const;

export type Node = MessageInitShape<typeof NodeProtoSchema>;
export type Initializer = MessageInitShape<typeof TensorProtoSchema>;

/** The nodes before the first layer: blocks of pixels become channels, and the strength of the noise an additional channel. */
export function entryOf({ block, noiseMap }: NetworkSpec): {
  readonly nodes: Node[];
  readonly initializers: Initializer[];
  readonly output: string;
} {
  const nodes: Node[] = [];
  let output: string = onnxNames.noisy;
  if (block > 1) {
    const attribute = [integer("blocksize", block)];
    nodes.push({ name: "blocks", opType: "SpaceToDepth", attribute, input: [output], output: ["blocks"] });
    output = "blocks";
  }
  if (!noiseMap) return { nodes, initializers: [], output };
  const sideOf = (name: string, start: number, end: number): Node => {
    const attribute = [integer("start", start), integer("end", end)];
    return { name, opType: "Shape", attribute, input: [output], output: [name] };
  };
  nodes.push(
    sideOf("map.batch", 0, 1),
    sideOf("map.sides", 2, 4),
    {
      ...{ name: "map.shape", opType: "Concat", attribute: [integer("axis", 0)] },
      ...{ input: ["map.batch", "map.one", "map.sides"], output: ["map.shape"] },
    },
    {
      ...{ name: "map.value", opType: "Reshape" },
      ...{ input: [onnxNames.strength, "map.pixel"], output: ["map.value"] },
    },
    { name: "map", opType: "Expand", input: ["map.value", "map.shape"], output: ["map"] },
    {
      ...{ name: "input", opType: "Concat", attribute: [integer("axis", 1)] },
      ...{ input: [output, "map"], output: ["input"] },
    },
  );
  const initializers = [integerTensor("map.one", [1]), integerTensor("map.pixel", [-1, 1, 1, 1])];
  return { nodes, initializers, output: "input" };
}

/** The first layer's weights, with the channels of a block in SpaceToDepth's order: the place in the block first, then the colour. */
export function inDepthOrder(
  { channels, block }: NetworkSpec,
  layer: LayerSpec,
  weights: LayerWeights,
): LayerWeights {
  const area = block ** 2;
  if (area === 1) return weights;
  // [outputs, inputs, 3, 3], or of a transposed convolution [inputs, outputs, 3, 3].
  const [first = 0, second = 0] = parameterShapes(layer).weight;
  const [outputs, inputs, size] = layer.kind === "up" ? [1, first, taps * second] : [first, second, taps];
  const weight = weights.weight.slice();
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < channels * area; input++) {
      const from = size * (output * inputs + input);
      const to = size * (output * inputs + (input % area) * channels + Math.floor(input / area));
      weight.set(weights.weight.subarray(from, from + size), to);
    }
  }
  return { ...weights, weight };
}

/** The operator of each kind of layer, with its input, weight and bias. */
const operators: { readonly [K in LayerKind]: (layer: LayerSpec<K>) => Node & { opType: string } } = {
  dense: () => ({ opType: "Gemm", attribute: [{ name: "transB", type: AttributeType.INT, i: 1n }] }),
  conv: ({ stride }) => ({ opType: "Conv", attribute: kernelOf(stride) }),
  up: () => ({ opType: "ConvTranspose", attribute: [...kernelOf(2), integers("output_padding", [1, 1])] }),
};

/** The attributes of 3 x 3 pixels with a border of one. */
function kernelOf(stride: number) {
  return [
    integers("kernel_shape", [3, 3]),
    integers("pads", [1, 1, 1, 1]),
    integers("strides", [stride, stride]),
  ];
}

function integers(name: string, values: readonly number[]) {
  return { name, type: AttributeType.INTS, ints: values.map(BigInt) };
}

function integer(name: string, value: number) {
  return { name, type: AttributeType.INT, i: BigInt(value) };
}

function operatorOf<K extends LayerKind>(layer: LayerSpec<K>) {
  return operators[layer.kind](layer);
}

/** A layer's operator, and the nodes that turn its result into the layer's output. */
export function layerNodes(
  spec: LayerSpec,
  index: number,
  input: string,
  output: string,
  block: number,
): Node[] {
  const layer = `layers.${index}`;
  const logits = spec.activation === "linear" ? output : `${layer}.logits`;
  const from = skipOf(spec);
  const shuffles = block > 1 && spec.activation !== "relu";
  const operator = operatorOf(spec);
  const sum = from === undefined && !shuffles ? logits : `${layer}.product`;
  const nodes: Node[] = [
    {
      ...operator,
      name: `${layer}.${operator.opType.toLowerCase()}`,
      input: [input, `${layer}.weight`, `${layer}.bias`],
      output: [sum],
    },
  ];
  if (from !== undefined) {
    const added = [sum, `layers.${from - 1}.output`];
    nodes.push({ name: `${layer}.add`, opType: "Add", input: added, output: [logits] });
  }
  if (shuffles) {
    const attribute = [integer("blocksize", block), text("mode", "CRD")];
    nodes.push({ name: "pixels", opType: "DepthToSpace", attribute, input: [sum], output: [logits] });
  }
  return [...nodes, ...activationNodes(spec.activation, layer, logits, output)];
}

function text(name: string, value: string) {
  return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
}

function activationNodes(activation: ActivationName, layer: string, logits: string, output: string): Node[] {
  switch (activation) {
    case "linear":
      return [];
    case "relu":
      return [{ name: `${layer}.relu`, opType: "Relu", input: [logits], output: [output] }];
    case "sigmoid":
      return [{ name: `${layer}.sigmoid`, opType: "Sigmoid", input: [logits], output: [output] }];
    case "residual": {
      const difference = [onnxNames.noisy, logits];
      return [{ name: `${layer}.sub`, opType: "Sub", input: difference, output: [output] }];
    }
  }
}

export function parametersOf(layer: LayerSpec, index: number, weights?: LayerWeights): Initializer[] {
  if (!weights) throw new RangeError(`The model has no weights for layer ${index}.`);
  const shapes = parameterShapes(layer);
  return [
    tensor(`layers.${index}.weight`, shapes.weight, weights.weight),
    tensor(`layers.${index}.bias`, shapes.bias, weights.bias),
  ];
}

function tensor(name: string, shape: readonly number[], values: Float32Array): Initializer {
  const rawData = encodeElements(values, "F32");
  return { name, dims: shape.map(BigInt), dataType: DataType.FLOAT, rawData };
}

/** A list of 64-bit integers. */
export function integerTensor(name: string, values: readonly number[]): Initializer {
  const rawData = new Uint8Array(8 * values.length);
  const view = new DataView(rawData.buffer);
  for (const [index, value] of values.entries()) view.setBigInt64(8 * index, BigInt(value), true);
  return { name, dims: [BigInt(values.length)], dataType: DataType.INT64, rawData };
}
