import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { sourceOf } from "../../src/data/image-source.ts";
import { type Checkpoint, encodeCheckpoint, parseCheckpoint } from "../../src/formats/checkpoint.ts";
import { seal } from "../../src/formats/checkpoint-seal.ts";
import { checkSameData, fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { encodeSafetensors, parseSafetensors, type Tensor } from "../../src/formats/safetensors.ts";
import { trainingSettings } from "../../src/formats/training-settings.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { hiddenOf } from "../../src/spec/network.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";
import { checkpointAfter, inDoublePrecision } from "./checkpoint-fixture.ts";
import { refusalOf } from "./refusal.ts";

const data = blobData(37, 11, 6, 5);
const spec = shortRun({ hidden: [3, 2], epochs: 4, schedule: { kind: "step", epochs: 2, factor: 0.5 } });
const name = "some/checkpoint-a.unsnow-state";

describe("a checkpoint", () => {
  let single: Checkpoint;
  let file: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    const trained = await checkpointAfter(8, spec, data);
    // A perfect image has no PSNR, and float64 keeps every bit of a time.
    const epochs = trained.epochs.map((record) => ({
      ...record,
      valPsnr: Number.POSITIVE_INFINITY,
      seconds: 0.1 + 0.2,
    }));
    single = { ...trained, epochs };
    file = encodeCheckpoint(single);
  });

  const refusal = (bytes: Uint8Array) => refusalOf(() => parseCheckpoint(bytes, name), name);

  /** The file with changed header and tensors, and a new valid checksum. */
  const forged = (head: object, change: (tensors: Map<string, Tensor>) => void = () => {}) => {
    const { tensors, metadata } = parseSafetensors(file, name);
    change(tensors);
    const old = JSON.parse(metadata.get("checkpoint") ?? "{}");
    const json = JSON.stringify({ ...old, ...head });
    return seal(
      encodeSafetensors(
        tensors,
        new Map([
          ["sha256", "0".repeat(64)],
          ["checkpoint", json],
        ]),
      ),
    );
  };

  test.each([
    ["single precision", () => single, encodeCheckpoint],
    [
      "double precision, as earlier versions wrote it",
      () => ({ ...single, family: undefined }),
      inDoublePrecision,
    ],
  ] as const)("is read as it was written, in %s", (_precision, of, encode) => {
    const checkpoint = of();
    const { network, spec: parsed, ...rest } = parseCheckpoint(encode(checkpoint), name);
    expect(parsed).toEqual(spec);
    expect(hiddenOf(network)).toEqual(denseLayers(3, 2));
    expect(rest).toEqual(checkpoint);
  });

  test("is a safetensors file whose parameters are named as in a model file", () => {
    const { tensors } = parseSafetensors(file, name);
    expect(tensors.get("layers.1.weight")).toEqual({
      shape: [2, 3],
      values: single.state.weights[1]?.weight,
    });
    expect(tensors.get("others.2.bias")?.values).toEqual(single.state.moments.others[2]?.bias);
  });

  test("contains the SHA-256 of itself with zeros in place of the checksum", () => {
    const { metadata } = parseSafetensors(file, name);
    const sha256 = metadata.get("sha256") ?? "";
    const blank = Buffer.from(file);
    blank.write("0".repeat(64), blank.indexOf(sha256));
    expect(createHash("sha256").update(blank).digest("hex")).toBe(sha256);
  });

  test("is refused with any flipped bit", () => {
    fc.assert(
      fc.property(fc.nat(8 * file.length - 1), (bit) => {
        const broken = file.slice();
        broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(refusal(broken)).toMatch(/is damaged|is not a checkpoint/);
      }),
      { numRuns: 300 },
    );
  });

  test("is refused if it is truncated anywhere, and with extra bytes", () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), (length) => {
        expect(refusal(file.slice(0, length))).toMatch(/is damaged|is not a checkpoint/);
      }),
    );
    expect(refusal(Uint8Array.from([...file, 0]))).toContain("is damaged");
    expect(refusal(new Uint8Array(file.length))).toContain("is not a checkpoint");
  });

  test.each<readonly [string, object, RegExp]>([
    ["a future version", { version: 2 }, /is a checkpoint of version 2, but only version 1 is read\.$/],
    ["no version", { version: undefined }, /must have a whole number .* as version/],
    ["an epoch beyond the last", { epoch: 5 }, /from 0 to 4 as epoch, but has 5\.$/],
    [
      "an epoch without its record",
      { epoch: 2 },
      /tensor history .* has the shape \[1,4,2\], but .* \[2,4,2\]\.$/,
    ],
    ["a step that was not completed", { step: 4 }, /cannot be continued: .* does not belong/],
    ["another precision", { double: true }, /tensor layers\.0\.weight .* has the shape \[3,30\]/],
    ["unknown kernels", { family: "tile9" }, /must have one of .* as family, but has "tile9"\.$/],
    ["no settings", { settings: {} }, /The settings in .* must have/],
    [
      "an impossible network",
      { settings: { ...trainingSettings(spec), hidden: [0] } },
      /width of a hidden layer/,
    ],
    [
      "another network",
      { settings: { ...trainingSettings(spec), hidden: [4, 2] } },
      /the shape \[3,30\], but .* \[4,30\]/,
    ],
    ["a set of no images", { data: { train: { count: 0 } } }, /The data in .* must have a whole number/],
    ["no position of a number", { number: -1 }, /as number, but has -1\.$/],
  ])("with a valid checksum but %s is refused", (_what, head, message) => {
    expect(refusal(forged(head))).toMatch(message);
  });

  test("with a valid checksum but other tensors is refused", () => {
    const stray = { shape: [1], values: new Float32Array(1) };
    expect(refusal(forged({}, (tensors) => tensors.set("stray", stray)))).toMatch(/has the tensor "stray"/);
    expect(refusal(forged({}, (tensors) => tensors.delete("squares.0.bias")))).toMatch(
      /lacks the tensor squares\.0\.bias/,
    );
    const infinite = { shape: [3], values: Float32Array.of(1, Number.POSITIVE_INFINITY, 1) };
    expect(refusal(forged({}, (tensors) => tensors.set("others.0.bias", infinite)))).toContain("not finite");
  });

  test("of a state that is not finite is never written", () => {
    const [first, ...others] = single.state.weights;
    const broken = {
      weight: Float32Array.from(first?.weight ?? []).fill(Number.NaN),
      bias: new Float32Array(3),
    };
    const state = { ...single.state, weights: [broken, ...others] };
    expect(() => encodeCheckpoint({ ...single, state })).toThrow("finite");
  });

  test("recognizes its data in any location, and no other data", async () => {
    const known = await fingerprintOf(data);
    checkSameData(await fingerprintOf(structuredClone(data)), known, data, name);
    const pixels = data.train.pixels.slice();
    pixels[400] = (pixels[400] ?? 0) ^ 1;
    const others = [
      { ...data, train: { ...data.train, pixels } },
      { ...data, train: { ...data.train, rows: 5, columns: 6 } },
      { ...data, noisyTrain: data.train, noisyValidation: data.validation },
    ];
    for (const other of others) {
      const found = await fingerprintOf(other);
      expect(() => checkSameData(found, known, other, name)).toThrow(
        /is no longer what the run in .*-a\.unsnow-state was/,
      );
    }
    // If there are fewer images than a sample has, all are used, so both ways give the same.
    const streamed = { ...data, train: sourceOf(data.train) };
    checkSameData(await fingerprintOf(streamed), known, streamed, name);
  });
});
