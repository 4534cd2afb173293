import { encodeCheckpoint } from "../../src/formats/checkpoint.ts";
import { encodeModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors, type Tensor } from "../../src/formats/safetensors.ts";
import { autoencoder, endsOf, type Model } from "../../src/spec/network.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { checkpointAfter, inDoublePrecision } from "../formats/checkpoint-fixture.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";

/** Numbers of every kind that a tensor may contain, including those for F16. */
export const tensors: ReadonlyMap<string, Tensor> = new Map([
  ["layers.0.weight", { shape: [2, 3], values: Float32Array.of(1, -2, 0.5, -0, 1e-7, 65_504) }],
  ["1", { shape: [], values: Float32Array.of(Number.NaN) }],
  ["größer", { shape: [2, 0], values: new Float32Array() }],
]);

const small = modelOf([4, 6], [3, 2, 3]);

export const models = [
  encodeModel(small, { noise: parseNoise("gaussian:0.5"), seed: 3 }),
  encodeModel(modelOf([2, 2], [5]), undefined, "F16"),
];

/** PyTorch's state dict of a small network, with layers numbered as in nn.Sequential. */
export const foreignModel = encodeSafetensors(
  new Map([
    ["0.weight", { shape: [3, 4], values: new Float32Array(12).fill(0.5) }],
    ["0.bias", { shape: [3], values: new Float32Array(3) }],
    ["2.weight", { shape: [4, 3], values: new Float32Array(12).fill(-0.5) }],
    ["2.bias", { shape: [4], values: new Float32Array(4) }],
  ]),
  new Map([["format", "pt"]]),
);

function modelOf(image: [number, number], hidden: number[]): Model {
  const network = autoencoder(image, hidden);
  const layers = network.layers
    .map((layer) => endsOf([layer]))
    .map(({ inputs, outputs }) => ({
      weight: Float32Array.from({ length: inputs * outputs }, (_, index) => Math.sin(index)),
      bias: new Float32Array(outputs).fill(0.25),
    }));
  return { network, layers };
}

/** Checkpoints of a run, in double precision as earlier versions wrote it on the CPU, and in single precision. */
export async function checkpoints(): Promise<Uint8Array[]> {
  const data = blobData(12, 5, 3, 4);
  const spec = shortRun({ hidden: [3, 2], epochs: 4, schedule: { kind: "step", epochs: 2, factor: 0.5 } });
  const single = await checkpointAfter(3, spec, data);
  return [inDoublePrecision(single), encodeCheckpoint(single)];
}
