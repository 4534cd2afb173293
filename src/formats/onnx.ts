import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { InputError } from "../spec/input-error.ts";
import {
  type ActivationName,
  type LayerKind,
  type LayerSpec,
  outputSize,
  parameterShapes,
  skipOf,
  taps,
} from "../spec/layers.ts";
import {
  codeOf,
  imageValues,
  isConvolutional,
  type LayerWeights,
  type Model,
  type NetworkSpec,
  requireCode,
} from "../spec/network.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { encodeElements } from "./dtype.ts";
import { networkJson } from "./model-file.ts";
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "./onnx/onnx_pb.ts";
import type { TrainingNote } from "./training-note.ts";

/*
 * ONNX (onnx.ai, docs/IR.md): a graph of operators as a protobuf message. A dense layer is a Gemm with a transposed
 * weight [outputs, inputs], and its activation. A convolution is a Conv or a ConvTranspose; its images are
 * [batch, channels, rows, columns], of any size. A residual output is the graph's input minus the last operator's output. Blocks of
 * pixels become channels by SpaceToDepth, in another order than PyTorch's pixel_unshuffle, so the first weights are reordered; the
 * output goes back by DepthToSpace, which knows PyTorch's order ("CRD").
 */

/** The operator set version, from 2022: old enough for common runtimes. Gemm has not changed since. */
const operatorSet = 17n;

/** The format version that was released with that operator set. */
const irVersion = 8n;

/** A protobuf message is limited to 2 GiB, and ONNX stores the weights in it; this leaves some bytes for the rest. */
const mostWeightBytes = 2 ** 31 - 2 ** 20;

/** The parts of a network that can be exported. */
export const onnxParts = ["whole", "encoder", "decoder"] as const;
export type OnnxPart = (typeof onnxParts)[number];

/** The names of the graphs' inputs and outputs. */
const onnxNames = { noisy: "noisy", strength: "strength", code: "code", denoised: "denoised" } as const;

/** The names of the code of convolutions as [batch, channels, rows, columns], and of that shape. */
const codeChannels = "code.channels";
const codeShape = "code.shape";

type Graph = MessageInitShape<typeof GraphProtoSchema>;
type Node = MessageInitShape<typeof NodeProtoSchema>;
type ValueInfo = MessageInitShape<typeof ValueInfoProtoSchema>;

export interface OnnxOptions {
  readonly part?: OnnxPart;
  /** The training data of the model, if known. */
  readonly note?: TrainingNote | undefined;
  /** The version of the program that writes the file. */
  readonly version: string;
}

/**
 * Encodes a model, or its encoder or decoder, as ONNX. All numbers are float32, and the batch size is variable:
 *
 * whole    noisy [batch, pixels] -> denoised [batch, pixels]
 * encoder  noisy [batch, pixels] -> code [batch, code size]
 * decoder  code [batch, code size] -> denoised [batch, pixels]; for a residual network it takes noisy too
 *
 * The pictures of convolutions are [batch, channels, rows, columns], with any rows and columns that the strides and blocks divide; for
 * the encoder and the decoder they have the network's size. With a noise map, strength [batch] is the second input. The code of
 * convolutions is [channels, rows, columns] as one row.
 * The same model gives the same bytes. Throws an InputError for weights of 2 GiB and more, which ONNX cannot store,
 * and for a part of a network that has no code.
 */
export function encodeOnnx(
  model: Model,
  { part = "whole", note, version }: OnnxOptions,
): Uint8Array<ArrayBuffer> {
  const { network } = model;
  const first = part === "decoder" ? requireCode(network).depth : 0;
  const end = part === "encoder" ? requireCode(network).depth : model.layers.length;
  checkSize(model.layers.slice(first, end));

  const [rows, columns] = network.image;
  const metadata = {
    network: networkJson(network),
    rows: `${rows}`,
    columns: `${columns}`,
    channels: `${network.channels}`,
    range: "[0, 1]",
    ...(note && { noise: formatNoise(note.noise), seed: `${note.seed}` }),
  };
  const message = create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ version: operatorSet }],
    producerName: "unsnow",
    producerVersion: version,
    docString: `The ${part === "whole" ? "network" : part} of an image denoiser.`,
    graph: graphOf(model, first, end),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return toBinary(ModelProtoSchema, message);
}

/** The layers from `first` up to, not including, `end`. */
function graphOf({ network, layers }: Model, first: number, end: number): Graph {
  const [rows, columns] = network.image;
  const planes = isConvolutional(network);
  const order = network.channels === 3 ? ", red, green and blue together" : "";
  const pixels = planes
    ? `Images of ${network.channels} channels, in [0, 1].`
    : `Images of ${rows} x ${columns} pixels, row by row${order}, in [0, 1].`;
  const encodes = first === 0;
  const decodes = end === network.layers.length;
  const anySize = encodes && decodes ? ["rows", "columns"] : [rows, columns];
  const sides = planes ? [network.channels, ...anySize] : [imageValues(network)];
  const noisy = valueInfo(onnxNames.noisy, sides, pixels);
  const code = valueInfo(onnxNames.code, [codeOf(network)?.size ?? 0], "Latent codes, each value 0 or more.");
  const denoised = valueInfo(onnxNames.denoised, sides, pixels);
  const strength = valueInfo(
    onnxNames.strength,
    [],
    "The standard deviation of the noise, where white is 1.",
  );
  const residual = network.output === "residual";

  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  let input: string = encodes ? onnxNames.noisy : onnxNames.code;
  const encoded = planes ? codeChannels : onnxNames.code;
  if (encodes) {
    const entry = entryOf(network);
    nodes.push(...entry.nodes);
    initializers.push(...entry.initializers);
    input = entry.output;
  }
  const before = planes && !encodes ? network.layers[first - 1] : undefined;
  if (before) {
    const size = outputSize(before);
    nodes.push({ name: "shape", opType: "Reshape", input: [input, codeShape], output: [codeChannels] });
    initializers.push(integerTensor(codeShape, [-1, size.channels, size.rows, size.columns]));
    input = codeChannels;
  }
  for (const [place, layer] of network.layers.slice(first, end).entries()) {
    const index = first + place;
    const output = index < end - 1 ? `layers.${index}.output` : decodes ? onnxNames.denoised : encoded;
    nodes.push(...layerNodes(layer, index, input, output, network.block));
    const weights = layers[index];
    initializers.push(
      ...parametersOf(layer, index, index === 0 && weights ? inDepthOrder(network, layer, weights) : weights),
    );
    input = output;
  }
  // Along [batch, channels, rows, columns], as PyTorch's Flatten.
  if (planes && !decodes) {
    nodes.push({ name: "flatten", opType: "Flatten", input: [codeChannels], output: [onnxNames.code] });
  }
  return {
    name: "denoiser",
    node: nodes,
    initializer: initializers,
    input: encodes ? [noisy, ...(network.noiseMap ? [strength] : [])] : residual ? [code, noisy] : [code],
    output: [decodes ? denoised : code],
  };
}

/** What comes before the first layer: blocks of pixels become channels, and the strength of the noise becomes one more. */
function entryOf({ block, noiseMap }: NetworkSpec): {
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
function inDepthOrder(
  { channels, block }: NetworkSpec,
  layer: LayerSpec,
  weights: LayerWeights,
): LayerWeights {
  const [outputs = 0, inputs = 0] = parameterShapes(layer).weight;
  const area = block ** 2;
  if (area === 1) return weights;
  const weight = weights.weight.slice();
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < channels * area; input++) {
      const [from, to] = [input, (input % area) * channels + Math.floor(input / area)].map(
        (place) => taps * (output * inputs + place),
      ) as [number, number];
      weight.set(weights.weight.subarray(from, from + taps), to);
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
function layerNodes(spec: LayerSpec, index: number, input: string, output: string, block: number): Node[] {
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

type Initializer = MessageInitShape<typeof TensorProtoSchema>;

function parametersOf(layer: LayerSpec, index: number, weights?: LayerWeights): Initializer[] {
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
function integerTensor(name: string, values: readonly number[]): Initializer {
  const rawData = new Uint8Array(8 * values.length);
  const view = new DataView(rawData.buffer);
  for (const [index, value] of values.entries()) view.setBigInt64(8 * index, BigInt(value), true);
  return { name, dims: [BigInt(values.length)], dataType: DataType.INT64, rawData };
}

/** float32 [batch, ...sides], for any batch size; a side that is a word is of any length. */
function valueInfo(name: string, sides: readonly (number | string)[], docString: string): ValueInfo {
  const dim = ["batch", ...sides].map((side) =>
    typeof side === "string"
      ? { value: { case: "dimParam", value: side } as const }
      : { value: { case: "dimValue", value: BigInt(side) } as const },
  );
  const tensorType = { elemType: DataType.FLOAT, shape: { dim } };
  return { name, docString, type: { value: { case: "tensorType", value: tensorType } } };
}

function checkSize(layers: readonly LayerWeights[]): void {
  const bytes = layers.reduce((sum, { weight, bias }) => sum + weight.byteLength + bias.byteLength, 0);
  if (bytes <= mostWeightBytes) return;
  throw new InputError(`An ONNX file holds at most 2 GiB, but the weights take ${bytes} bytes.`);
}
