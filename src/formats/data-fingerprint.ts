import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { imageBytes } from "../data/image-set.ts";
import { type Images, inMemory } from "../data/image-source.ts";
import type { PictureSet } from "../data/picture-set.ts";
import { bytesOf } from "../data/samples.ts";
import { WorkSlices } from "../network/work-slices.ts";
import { InputError } from "../spec/input-error.ts";
import type { PatchSpec } from "../spec/patch.ts";
import type { RunData } from "../training/run-data.ts";
import type { JsonFields } from "./json-fields.ts";

/** Identifies a set of images or pictures. */
export interface SetFingerprint {
  readonly count: number;
  /** For images, which have one size; not for pictures. */
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  readonly channels: number;
  /** The hash of all pixels if they are in memory; otherwise of some evenly spaced images. */
  readonly sha256: string;
}

/** The data sets of a run. A run can only be repeated on the same sets. */
export interface DataFingerprint {
  readonly train: SetFingerprint;
  readonly validation: SetFingerprint;
  readonly noisyTrain?: SetFingerprint | undefined;
  readonly noisyValidation?: SetFingerprint | undefined;
}

const setNames = ["train", "validation", "noisyTrain", "noisyValidation"] as const;

/** The number of images to sample if not all are in memory. */
const sampled = 256;

/** Bytes hashed at a time, which takes some milliseconds. */
const portion = 2 ** 20;

export async function fingerprintOf(data: RunData): Promise<DataFingerprint> {
  const { train, validation, noisyTrain, noisyValidation } = data;
  return {
    train: await setFingerprint(train),
    validation: await setFingerprint(validation),
    ...(noisyTrain && { noisyTrain: await setFingerprint(noisyTrain) }),
    ...(noisyValidation && { noisyValidation: await setFingerprint(noisyValidation) }),
  };
}

async function setFingerprint(set: Images | PictureSet): Promise<SetFingerprint> {
  if ("pictures" in set) return pictureFingerprint(set);
  const { count, rows, columns, channels = 1 } = set;
  return { count, rows, columns, channels, sha256: await hashOf([await pixelsOf(set)]) };
}

/** The SHA-256 of consecutive parts, without blocking the thread's other work. */
async function hashOf(parts: Iterable<Uint8Array>): Promise<string> {
  const hash = sha256.create();
  const slices = new WorkSlices();
  for (const part of parts) {
    for (let start = 0; start < part.length; start += portion) {
      hash.update(part.subarray(start, start + portion));
      await slices.breathe();
    }
  }
  return bytesToHex(hash.digest());
}

async function pixelsOf(images: Images): Promise<Uint8Array> {
  if (inMemory(images)) return bytesOf(images.pixels);
  const { count } = images;
  const size = imageBytes(images);
  const chosen = Math.min(count, sampled);
  const numbers = Uint32Array.from({ length: chosen }, (_, index) => Math.floor((index * count) / chosen));
  const bytes = new Uint8Array(chosen * size);
  await images.read(numbers, bytes, size);
  return bytes;
}

async function pictureFingerprint({ channels, pictures }: PictureSet): Promise<SetFingerprint> {
  const parts = pictures.flatMap(({ rows, columns, pixels }) => [
    new Uint8Array(Uint32Array.of(rows, columns).buffer),
    bytesOf(pixels),
  ]);
  return { count: pictures.length, channels, sha256: await hashOf(parts) };
}

/** Throws an InputError unless the data matches that of a checkpoint's run; `name` is the checkpoint's. */
export function checkSameData(found: DataFingerprint, known: DataFingerprint, data: RunData, name: string) {
  for (const set of setNames) {
    if (JSON.stringify(found[set]) === JSON.stringify(known[set])) continue;
    const what = data[set]?.name ?? data.train.name;
    throw new InputError(`${what} is no longer what the run in ${name} was trained on: its images changed.`);
  }
}

/** Reads a fingerprint from a file of this name. */
export function readDataFingerprint(fields: JsonFields, name: string): DataFingerprint {
  const set = (key: (typeof setNames)[number]) => readSet(fields.object(key, `The data in ${name}`));
  const [noisyTrain, noisyValidation] = [
    fields.optional("noisyTrain", () => set("noisyTrain")),
    fields.optional("noisyValidation", () => set("noisyValidation")),
  ];
  return {
    train: set("train"),
    validation: set("validation"),
    ...(noisyTrain && { noisyTrain }),
    ...(noisyValidation && { noisyValidation }),
  };
}

function readSet(fields: JsonFields): SetFingerprint {
  const size = (key: string) => fields.integer(key, 1, 2 ** 32);
  const [rows, columns] = [fields.optional("rows", size), fields.optional("columns", size)];
  return {
    count: size("count"),
    ...(rows && { rows }),
    ...(columns && { columns }),
    channels: fields.integer("channels", 1, 3),
    sha256: fields.text("sha256", 64),
  };
}

/** The number of images that each sweep of a run visits, and their shape. */
export function sizesOf({ train, validation }: DataFingerprint, patches: PatchSpec | undefined) {
  const { channels, rows = 0, columns = 0 } = train;
  return patches
    ? {
        training: patches.count,
        validation: patches.validation,
        shape: { rows: patches.side, columns: patches.side, channels },
      }
    : { training: train.count, validation: validation.count, shape: { rows, columns, channels } };
}
