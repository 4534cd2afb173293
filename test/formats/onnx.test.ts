import { fromBinary } from "@bufbuild/protobuf";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { fromBytes } from "../../src/data/pixel-bytes.ts";
import { encodeSample } from "../../src/formats/model-sample.ts";
import { ModelProtoSchema } from "../../src/formats/onnx/onnx_pb.ts";
import { encodeOnnx, type OnnxPart } from "../../src/formats/onnx.ts";
import { parseSafetensors } from "../../src/formats/safetensors.ts";
import { streams } from "../../src/math/streams.ts";
import { Denoiser } from "../../src/network/denoiser.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { outputNames } from "../../src/spec/layer-specs.ts";
import { autoencoder, type Model, type NetworkOptions } from "../../src/spec/network.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { madePicture } from "../network/picture-fixture.ts";
import { firstOf, noisyTwins, readDigits } from "../support/digits.ts";
import { useCpu } from "../support/open-cpu.ts";

/** onnxruntime's output for rows, [rows, outputs]. */
async function run(
  file: Uint8Array,
  inputs: Record<string, Float32Array>,
  rows: number,
  sides?: readonly number[],
): Promise<Float32Array> {
  const session = await InferenceSession.create(file);
  try {
    const feeds = Object.entries(inputs).map(([name, values]) => {
      return [name, new Tensor("float32", values, [rows, ...(sides ?? [values.length / rows])])] as const;
    });
    const results = await session.run(Object.fromEntries(feeds));
    const [name = ""] = session.outputNames;
    return results[name]?.data as Float32Array;
  } finally {
    await session.release();
  }
}

/** The largest difference of two lists of one length. */
function furthest(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? Number.NaN))), 0);
}

function modelOf(hidden: readonly number[], options: NetworkOptions): Model {
  // Random, as with a sigmoid: a residual network would start with zeros.
  const layers = initialWeights(autoencoder([28, 28], hidden), 5, "torch");
  return { network: autoencoder([28, 28], hidden, options), layers };
}

/** Noisy held-out digits, [count, 784]. */
async function noisyDigits(count: number): Promise<Float32Array> {
  const { validation } = await readDigits();
  const key = { seed: 0, stream: streams.validationNoise, epoch: 0 };
  return fromBytes(noisyTwins(firstOf(validation, count), parseNoise("gaussian:0.5"), key).pixels);
}

const version = "1.2.3";
const encode = (model: Model, part: OnnxPart) => encodeOnnx(model, { part, version });

describe.each(outputNames)("a network with output %s, in onnxruntime", (output) => {
  const cpu = useCpu();
  const model = modelOf([48, 20, 64], { output });

  test.each([1, 100])("gives unsnow's results for a batch of %i digits", async (rows) => {
    const noisy = await noisyDigits(rows);
    const denoiser = await Denoiser.create(cpu(), model);
    const denoised = await run(encode(model, "whole"), { noisy }, rows);
    expect(furthest(denoised, await denoiser.denoise(noisy))).toBeLessThan(1e-5);
    // Otherwise a graph without layers would pass.
    expect(furthest(denoised, noisy)).toBeGreaterThan(0.1);

    const code = await run(encode(model, "encoder"), { noisy }, rows);
    expect(code.length).toBe(20 * rows);
    expect(furthest(code, await denoiser.encode(noisy))).toBeLessThan(1e-5);

    const decoderInputs = output === "residual" ? { code, noisy } : { code };
    const decoded = await run(encode(model, "decoder"), decoderInputs, rows);
    expect(furthest(decoded, denoised)).toBeLessThan(1e-6);
    denoiser.destroy();
  });

  test("gives the results in its sample", async () => {
    const { tensors } = parseSafetensors(encodeSample(model), "sample");
    const values = (name: string) => tensors.get(name)?.values ?? new Float32Array();
    const denoised = await run(encode(model, "whole"), { noisy: values("noisy") }, 2);
    expect(furthest(denoised, values("denoised"))).toBeLessThan(1e-5);
    const code = await run(encode(model, "encoder"), { noisy: values("noisy") }, 2);
    expect(furthest(code, values("code"))).toBeLessThan(1e-5);
  });
});

describe.each(outputNames)("convolutions with output %s, in onnxruntime", (output) => {
  const cpu = useCpu();
  const network = autoencoder([8, 12], "conv:5/2,conv:7,up:4,conv:6", { output, channels: 3 });
  const model = { network, layers: initialWeights(network, 5, "torch") };

  test("give the results in their sample", async () => {
    const { tensors } = parseSafetensors(encodeSample(model), "sample");
    const values = (name: string) => tensors.get(name)?.values ?? new Float32Array();
    expect(tensors.get("noisy")?.shape).toEqual([2, 3, 8, 12]);
    const denoised = await run(encode(model, "whole"), { noisy: values("noisy") }, 2, [3, 8, 12]);
    expect(furthest(denoised, values("denoised"))).toBeLessThan(1e-5);
    expect(furthest(denoised, values("noisy"))).toBeGreaterThan(0.1);
    const code = await run(encode(model, "encoder"), { noisy: values("noisy") }, 2, [3, 8, 12]);
    expect(furthest(code, values("code"))).toBeLessThan(1e-5);
  });

  test("give unsnow's result for a picture of another size", async () => {
    const picture = madePicture(20, 14, 3);
    const denoiser = await PictureDenoiser.create(cpu(), model);
    const { values } = await denoiser.denoisePicture(picture);
    denoiser.destroy();
    const [pixels, channels] = [20 * 14, 3];
    // From [rows, columns, channels] to [channels, rows, columns].
    const planes = (of: Float32Array) =>
      of.map((_, place) => of[(place % pixels) * channels + Math.floor(place / pixels)] ?? Number.NaN);
    const denoised = await run(encode(model, "whole"), { noisy: planes(picture.values) }, 1, [3, 20, 14]);
    expect(furthest(denoised, planes(values))).toBeLessThan(1e-5);
  });

  test.each(["unet:3", "up:5,conv:4/2"])(
    "on blocks, with a noise map, give the results in their sample: %s",
    async (hidden) => {
      const options = { output, channels: 3, block: 2, noiseMap: true };
      const network = autoencoder([8, 16], hidden, options);
      const model = { network, layers: initialWeights(network, 5, "torch") };
      const { tensors } = parseSafetensors(encodeSample(model), "sample");
      const values = (name: string) => tensors.get(name)?.values ?? new Float32Array();
      const session = await InferenceSession.create(encode(model, "whole"));
      const { denoised } = await session.run({
        noisy: new Tensor("float32", values("noisy"), [2, 3, 8, 16]),
        strength: new Tensor("float32", values("strength"), [2]),
      });
      await session.release();
      expect(
        furthest(Float32Array.from((denoised?.data ?? []) as Float32Array), values("denoised")),
      ).toBeLessThan(1e-5);
    },
  );

  test("give unsnow's codes, and decode them", async () => {
    const noisy = madePicture(2 * 8, 12, 3).values;
    const denoiser = await Denoiser.create(cpu(), model);
    const planes = noisy.map((_, place) => {
      const [image, channel, pixel] = [Math.floor(place / 288), Math.floor(place / 96) % 3, place % 96];
      return noisy[image * 288 + pixel * 3 + channel] ?? Number.NaN;
    });
    const code = await run(encode(model, "encoder"), { noisy: planes }, 2, [3, 8, 12]);
    expect(furthest(code, await denoiser.encode(noisy))).toBeLessThan(1e-5);
    denoiser.destroy();
    const denoised = await run(encode(model, "whole"), { noisy: planes }, 2, [3, 8, 12]);
    const session = await InferenceSession.create(encode(model, "decoder"));
    const { denoised: decoded } = await session.run({
      code: new Tensor("float32", code, [2, code.length / 2]),
      ...(output === "residual" && { noisy: new Tensor("float32", planes, [2, 3, 8, 12]) }),
    });
    await session.release();
    expect(furthest(decoded?.data as Float32Array, denoised)).toBeLessThan(1e-6);
  });

  test("without a bottleneck have no encoder and no decoder", () => {
    const wide = autoencoder([8, 12], "conv:4x2", { output, channels: 3 });
    const layers = initialWeights(wide, 5, "torch");
    expect(() => encode({ network: wide, layers }, "encoder")).toThrow("has no latent code");
  });
});

test("names, sizes and metadata can be read from the file", async () => {
  const network = autoencoder([2, 3], [5, 4], { channels: 3 });
  const model = { network, layers: initialWeights(network, 1, "he") };
  const note = { noise: parseNoise("gaussian:0.1..0.6+unclipped"), seed: 7 };
  const session = await InferenceSession.create(encodeOnnx(model, { note, version }));
  expect(session.inputMetadata).toMatchObject([{ name: "noisy", type: "float32", shape: ["batch", 18] }]);
  expect(session.outputMetadata).toMatchObject([{ name: "denoised", type: "float32", shape: ["batch", 18] }]);
  await session.release();

  const proto = fromBinary(ModelProtoSchema, encodeOnnx(model, { note, version }));
  expect(proto).toMatchObject({ irVersion: 8n, producerName: "unsnow", producerVersion: "1.2.3" });
  expect(proto.opsetImport).toMatchObject([{ domain: "", version: 17n }]);
  expect(Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value]))).toEqual({
    network: `{"inputs":18,"hidden":[5,4],"activation":"relu","output":"sigmoid","image":[2,3],"channels":3}`,
    ...{ rows: "2", columns: "3", channels: "3", range: "[0, 1]" },
    ...{ noise: "gaussian:0.1..0.6+unclipped", seed: "7" },
  });
});

test("the same model gives the same bytes", () => {
  const model = modelOf([32], {});
  expect(encode(model, "whole")).toEqual(encode(structuredClone(model), "whole"));
});

test("weights that a protobuf message cannot hold are refused", () => {
  const network = autoencoder([1, 1], [1]);
  // Takes almost no memory: only its size is used.
  const weight = Object.defineProperty(new Float32Array(1), "byteLength", { value: 2 ** 31 });
  const layers = [1, 2].map(() => ({ weight, bias: new Float32Array(1) }));
  expect(() => encodeOnnx({ network, layers }, { version })).toThrow("An ONNX file holds at most 2 GiB");
});
