import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { InputError } from "../spec/input-error.ts";
import {
  type ActivationName,
  codeSize,
  encoderDepth,
  type LayerWeights,
  layersOf,
  type Model,
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
  type ValueInfoProtoSchema,
} from "./onnx/onnx_pb.ts";
import type { TrainingNote } from "./training-note.ts";

/*
 * ONNX (onnx.ai, docs/IR.md): a graph of operators as a protobuf message. A dense layer is a Gemm, whose weight
 * [outputs, inputs] it takes transposed, and its activation; a residual output is the graph's input less the last Gemm.
 */

/** The operators are those of this version, of 2022: old enough for what runs models, and Gemm has not changed since. */
const operatorSet = 17n;

/** The format's version that came with that operator set. */
const irVersion = 8n;

/** A protobuf message may not have more bytes, and ONNX keeps the weights in it; some are left for the rest. */
const mostWeightBytes = 2 ** 31 - 2 ** 20;

/** What a graph goes through, by where it starts and ends. */
export const onnxParts = ["whole", "encoder", "decoder"] as const;
export type OnnxPart = (typeof onnxParts)[number];

/** What the graphs' inputs and outputs are called. */
const onnxNames = { noisy: "noisy", code: "code", denoised: "denoised" } as const;

type Graph = MessageInitShape<typeof GraphProtoSchema>;
type Node = MessageInitShape<typeof NodeProtoSchema>;
type ValueInfo = MessageInitShape<typeof ValueInfoProtoSchema>;

export interface OnnxOptions {
  readonly part?: OnnxPart;
  /** What the model was trained on, where it is known. */
  readonly note?: TrainingNote | undefined;
  /** The version of what writes the file. */
  readonly version: string;
}

/**
 * The ONNX file of a model, or of its encoder or decoder. All is float32, and a batch may have any size:
 *
 * whole    noisy [batch, pixels] -> denoised [batch, pixels]
 * encoder  noisy [batch, pixels] -> code [batch, code size]
 * decoder  code [batch, code size] -> denoised [batch, pixels]; of a residual network it takes noisy too
 *
 * The same model gives the same bytes. Throws an InputError for weights of 2 GiB and more, which ONNX cannot hold.
 */
export function encodeOnnx(
  model: Model,
  { part = "whole", note, version }: OnnxOptions,
): Uint8Array<ArrayBuffer> {
  const { network } = model;
  const code = encoderDepth(network);
  const [first, end] = part === "encoder" ? [0, code] : [part === "decoder" ? code : 0, model.layers.length];
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
  const specs = layersOf(network);
  const [rows, columns] = network.image;
  const pixels = `Images of ${rows} x ${columns} pixels, row by row${network.channels === 3 ? ", red, green and blue together" : ""}, in [0, 1].`;
  const noisy = valueInfo(onnxNames.noisy, network.inputs, pixels);
  const code = valueInfo(onnxNames.code, codeSize(network), "Latent codes, each value 0 or more.");
  const denoised = valueInfo(onnxNames.denoised, network.inputs, pixels);
  const encodes = first === 0;
  const decodes = end === specs.length;
  const residual = network.output === "residual";

  const nodes: Node[] = [];
  let input: string = encodes ? onnxNames.noisy : onnxNames.code;
  for (let index = first; index < end; index++) {
    const output = index < end - 1 ? `layers.${index}.output` : decodes ? onnxNames.denoised : onnxNames.code;
    nodes.push(...layerNodes(index, specs[index]?.activation ?? "linear", input, output));
    input = output;
  }
  return {
    name: "denoiser",
    node: nodes,
    initializer: layers
      .slice(first, end)
      .flatMap(({ weight, bias }, place) => [
        tensor(`layers.${first + place}.weight`, [bias.length, weight.length / bias.length], weight),
        tensor(`layers.${first + place}.bias`, [bias.length], bias),
      ]),
    input: encodes ? [noisy] : residual ? [code, noisy] : [code],
    output: [decodes ? denoised : code],
  };
}

/** A Gemm, and what makes its result the layer's output. */
function layerNodes(index: number, activation: ActivationName, input: string, output: string): Node[] {
  const layer = `layers.${index}`;
  const logits = activation === "linear" ? output : `${layer}.logits`;
  const gemm = {
    name: `${layer}.gemm`,
    opType: "Gemm",
    input: [input, `${layer}.weight`, `${layer}.bias`],
    output: [logits],
    attribute: [{ name: "transB", type: AttributeType.INT, i: 1n }],
  };
  switch (activation) {
    case "linear":
      return [gemm];
    case "relu":
      return [gemm, { name: `${layer}.relu`, opType: "Relu", input: [logits], output: [output] }];
    case "sigmoid":
      return [gemm, { name: `${layer}.sigmoid`, opType: "Sigmoid", input: [logits], output: [output] }];
    case "residual": {
      const difference = [onnxNames.noisy, logits];
      return [gemm, { name: `${layer}.sub`, opType: "Sub", input: difference, output: [output] }];
    }
  }
}

function tensor(name: string, shape: readonly number[], values: Float32Array) {
  const rawData = encodeElements(values, "F32");
  return { name, dims: shape.map(BigInt), dataType: DataType.FLOAT, rawData };
}

/** float32 [batch, width], for a batch of any size. */
function valueInfo(name: string, width: number, docString: string): ValueInfo {
  const dim = [
    { value: { case: "dimParam", value: "batch" } as const },
    { value: { case: "dimValue", value: BigInt(width) } as const },
  ];
  const tensorType = { elemType: DataType.FLOAT, shape: { dim } };
  return { name, docString, type: { value: { case: "tensorType", value: tensorType } } };
}

function checkSize(layers: readonly LayerWeights[]): void {
  const bytes = layers.reduce((sum, { weight, bias }) => sum + weight.byteLength + bias.byteLength, 0);
  if (bytes <= mostWeightBytes) return;
  throw new InputError(`An ONNX file holds at most 2 GiB, but the weights take ${bytes} bytes.`);
}
