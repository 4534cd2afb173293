import { gzipSync } from "node:zlib";
import { encodeIdx, parseIdx } from "../../src/data/idx.ts";
import { readImageSet } from "../../src/data/image-set.ts";
import { encodeCheckpoint, parseCheckpoint } from "../../src/formats/checkpoint.ts";
import { seal } from "../../src/formats/checkpoint-seal.ts";
import { readModel } from "../../src/formats/foreign-model.ts";
import { historyJson } from "../../src/formats/history.ts";
import { encodeModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors, parseSafetensors } from "../../src/formats/safetensors.ts";
import { parseJsonObject } from "../../src/formats/strict-json.ts";
import { parseTrainingNote } from "../../src/formats/training-note.ts";
import { encodeRun, parseRun } from "../../src/lab/runs/run-file.ts";
import { formatAddress, readAddress } from "../../src/lab/settings/address.ts";
import { openingDigits } from "../../src/lab/settings/draft.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { formatNoise, parseNoise } from "../../src/spec/noise-text.ts";
import { formatSchedule, parseSchedule } from "../../src/spec/schedule.ts";
import { modelFor, runFileOf, smallRun } from "../lab/runs/fixtures.ts";
import type { Dice } from "./dice.ts";
import { joined, mutateBytes, mutateText } from "./mutate.ts";
import { checkpoints, foreignModel, models, tensors } from "./seeds.ts";
import type { Target } from "./target.ts";

const name = "file";

/** All readers of external input, with files that the product wrote as a start. */
export async function allTargets(): Promise<Target[]> {
  const run = await runFileOf(encodeRun(smallRun, modelFor(smallRun)));
  const bareRun = await runFileOf(encodeRun(smallRun, undefined));
  return [
    bytesTarget("IDX", idxFiles, async (bytes) => {
      const { dimensions, data } = parseIdx(bytes, name);
      return encodeIdx(dimensions, data);
    }),
    bytesTarget("gzipped IDX", idxFiles.map(gzip), readImages),
    // Like an attacker who knows the format: the content is changed and packed correctly.
    bytesTarget("gzipped, changed IDX", idxFiles, readImages, (bytes, other, dice) =>
      gzip(mutateBytes(bytes, other, dice)),
    ),
    bytesTarget("safetensors", tensorFiles, readTensors),
    bytesTarget("safetensors header", tensorFiles, readTensors, mutateHeader),
    bytesTarget("model", modelFiles, readAnyModel),
    bytesTarget("model header", modelFiles, readAnyModel, mutateHeader),
    bytesTarget("checkpoint", await checkpoints(), readState),
    bytesTarget("sealed checkpoint", await checkpoints(), readState, (bytes, other, dice) =>
      sealed(dice.oneIn(4) ? mutateBytes(bytes, other, dice) : mutateHeader(bytes, other, dice)),
    ),
    bytesTarget("run file", [run, bareRun], readRunFile),
    bytesTarget("run file's line", [run, bareRun], readRunFile, mutateLine),
    textTarget("JSON", jsonTexts, (text) => JSON.stringify(parseJsonObject(text, name))),
    textTarget("noise", noises, (text) => formatNoise(parseNoise(text))),
    textTarget("schedule", schedules, (text) => formatSchedule(parseSchedule(text))),
    textTarget("address", addresses, (address) => {
      const { spec, fault } = readAddress(address, openingDigits);
      const again = readAddress(formatAddress(spec), openingDigits);
      if (again.fault !== undefined) throw new Error(`It writes what it does not read: ${again.fault}`);
      // Report a fault like a refusal.
      if (fault !== undefined) throw new InputError(fault);
      return formatAddress(spec);
    }),
  ];
}

const idxFiles = [
  encodeIdx(
    [3, 4, 5],
    Uint8Array.from({ length: 60 }, (_, pixel) => (7 * pixel) % 256),
  ),
  encodeIdx([3], Uint8Array.of(1, 2, 3)),
  encodeIdx([2, 28, 28], new Uint8Array(1568)),
];
const tensorFiles = [
  encodeSafetensors(tensors),
  encodeSafetensors(tensors, new Map([["format", "pt"]]), "F16"),
  encodeSafetensors(new Map()),
];
const modelFiles = [...models, foreignModel];

const noises = [
  ...[
    "none",
    "gaussian:0.5",
    "blur:1+gaussian:0.1..0.5+unclipped",
    "poisson-gaussian:30:0.02",
    "gaussian:0.1..0.6^-2",
  ],
  ...["mask:0.5", "speckle:0.2+bands:0..0.1+salt-pepper:0.05", " gaussian : .5 "],
];
const schedules = ["constant", "cosine", "step:30:0.1", "step:7:1e-3"];
const addresses = [
  "",
  "noise=blur:1+gaussian:0.1..0.3^-2&shift=2&fixed-noise&hidden=512,128,512&no-shuffle&optimizer=adam&lr=0.002&schedule=step:30:0.1&seed=7",
  "loss=mse&output=residual&centre&epochs=1000&batch=8000&rho=0.9&epsilon=1e-7",
];
const jsonTexts = [
  historyJson({
    settings: { noise: "gaussian:0.5", hidden: [32], seed: 0 },
    adapter: { name: "a GPU", software: true },
    epochs: smallRun.epochs,
    stepLoss: [0.5, 0.25],
  }),
  '{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"\\u00e9":[true,null,-1.5e3,"\\"\\\\"]}',
];

function bytesTarget(
  name: string,
  seeds: readonly Uint8Array[],
  read: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array | undefined>,
  mutate: (bytes: Uint8Array, other: Uint8Array, dice: Dice) => Uint8Array = mutateBytes,
): Target {
  return {
    name,
    make: (dice) => mutate(dice.of(seeds), dice.of(seeds), dice),
    read: (input) =>
      read(typeof input === "string" ? new TextEncoder().encode(input) : new Uint8Array(input)),
  };
}

function textTarget(name: string, seeds: readonly string[], read: (text: string) => string): Target {
  return {
    name,
    make: (dice) => mutateText(dice.of(seeds), dice.of(seeds), dice),
    read: async (input) => read(String(input)),
  };
}

function gzip(bytes: Uint8Array): Uint8Array {
  // Not a Buffer, whose slice is not a copy.
  return new Uint8Array(gzipSync(bytes, { level: 1 }));
}

async function readImages(bytes: Uint8Array): Promise<Uint8Array> {
  const { count, rows, columns, pixels } = await readImageSet(bytes, name);
  return encodeIdx([count, rows, columns], pixels);
}

async function readTensors(bytes: Uint8Array): Promise<Uint8Array> {
  const { tensors, metadata } = parseSafetensors(bytes, name);
  return encodeSafetensors(tensors, metadata);
}

async function readAnyModel(bytes: Uint8Array): Promise<Uint8Array> {
  const { model } = readModel(bytes, name);
  return encodeModel(model, parseTrainingNote(bytes, name));
}

async function readState(bytes: Uint8Array): Promise<Uint8Array> {
  return encodeCheckpoint(parseCheckpoint(bytes, name));
}

async function readRunFile(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { run, model } = parseRun(bytes, name);
  return runFileOf(encodeRun({ ...run, id: "one" }, model));
}

/** Changes a safetensors file's header as text and updates its length; the tensors' bytes do not change. */
function mutateHeader(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const header = mutateText(headerOf(bytes), headerOf(other), dice);
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return joined(length, text, bytes.subarray(8 + headerBytes(bytes)));
}

function headerOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes(bytes)));
}

function headerBytes(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
}

function mutateLine(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const [line, otherLine] = [bytes, other].map((file) =>
    new TextDecoder().decode(file.subarray(0, file.indexOf(0x0a))),
  );
  const changed = new TextEncoder().encode(mutateText(line ?? "", otherLine ?? "", dice));
  return joined(changed, bytes.subarray(bytes.indexOf(0x0a)));
}

/** The file with a valid checksum, if it has a place for one. */
function sealed(bytes: Uint8Array): Uint8Array {
  try {
    return seal(new Uint8Array(bytes));
  } catch {
    return bytes;
  }
}
