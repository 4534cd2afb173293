import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { formatMask, spotAlone } from "../spec/blind-spots.ts";
import { InputError } from "../spec/input-error.ts";
import { outputSize } from "../spec/layers.ts";
import {
  codeOf,
  imageValues,
  isConvolutional,
  type LayerWeights,
  type Model,
  requireCode,
} from "../spec/network.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { networkJson } from "./model-file.ts";
import {
  TensorProto_DataType as DataType,
  type GraphProtoSchema,
  ModelProtoSchema,
  type ValueInfoProtoSchema,
} from "./onnx/onnx_pb.ts";
import {
  entryOf,
  type Initializer,
  inDepthOrder,
  integerTensor,
  layerNodes,
  type Node,
  onnxNames,
  parametersOf,
} from "./onnx-nodes.ts";
import type { TrainingNote } from "./training-note.ts";

/*
 * ONNX (onnx.ai, docs/IR.md): a graph of operators as a protobuf message. A dense layer is a Gemm with a transposed
 * weight [outputs, inputs], and its activation. A convolution is a Conv or a ConvTranspose; its images are
 * [batch, channels, rows, columns], of any size. A residual output is the graph's input minus the last operator's output.
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

/** The names of the code of convolutions as [batch, channels, rows, columns], and of that shape. */
const codeChannels = "code.channels";
const codeShape = "code.shape";

type Graph = MessageInitShape<typeof GraphProtoSchema>;
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
    ...(note?.selfSupervised && { blindSpots: formatMask(note.mask ?? spotAlone) }),
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
