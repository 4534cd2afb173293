import type { AdapterSummary } from "../device/adapter.ts";
import { type Family, families } from "../kernels/family.ts";
import { InputError } from "../spec/input-error.ts";
import type { NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { checkTraining } from "../spec/training.ts";
import type { EpochRecord } from "../training/history.ts";
import { checkRunState, isFiniteState, type RunExtent, type RunState } from "../training/run-state.ts";
import { checkSeal, seal, sealKey, unsealed } from "./checkpoint-seal.ts";
import { historyTensors, stateTensors, TensorReader } from "./checkpoint-tensors.ts";
import { type DataFingerprint, readDataFingerprint, sizesOf } from "./data-fingerprint.ts";
import type { RunHistory } from "./history.ts";
import { JsonFields } from "./json-fields.ts";
import { encodeSafetensors, parseSafetensors } from "./safetensors.ts";
import { isJsonObject, type JsonObject, parseJsonObject } from "./strict-json.ts";
import { readPatchSettings, readTrainingSettings } from "./training-settings.ts";

/*
 * A checkpoint is a safetensors file. Its tensors are listed in checkpoint-tensors.ts. __metadata__.checkpoint is the
 * RunHead as JSON. __metadata__.sha256 is the first entry of the header and seals the whole file
 * (checkpoint-seal.ts).
 */

/** The format version; a file with another version is rejected. */
const version = 1;

const headKey = "checkpoint";

const limits = { text: 1000, number: Number.MAX_SAFE_INTEGER } as const;

/** A run that can be continued: its settings, its data and adapter, its state, and its results so far. */
export interface Checkpoint {
  /** The newest checkpoint of a run has the largest number. */
  readonly number: number;
  /** As in history.json, so that the run can be repeated from them. */
  readonly settings: RunHistory["settings"];
  readonly adapter: AdapterSummary;
  /** The implementation of products; undefined for a run on the CPU. */
  readonly family: Family | undefined;
  readonly data: DataFingerprint;
  readonly state: RunState;
  readonly epochs: readonly EpochRecord[];
  /** The loss of every step of those epochs, if they are kept. */
  readonly stepLoss?: readonly number[] | undefined;
}

/** A parsed checkpoint, and the result of parsing its settings. */
export interface ParsedCheckpoint extends Checkpoint {
  readonly spec: TrainingSpec;
  readonly network: NetworkSpec;
}

/** Encodes a checkpoint. Throws a RangeError for a state that is not finite, because it cannot be continued. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { number, settings, adapter, family, data, state, epochs, stepLoss } = checkpoint;
  const name = "the checkpoint";
  const { network } = runOf(readSpec(new JsonFields(settings, `The settings in ${name}`)), data, name);
  if (!isFiniteState(state)) throw new RangeError("A checkpoint's numbers must be finite.");
  const { epoch, step, seconds } = state;
  const place = { epoch, step, seconds, double: false };
  const head = { version, number, ...place, settings, adapter, family, data };
  const metadata = new Map([
    [sealKey, unsealed],
    [headKey, JSON.stringify(head)],
  ]);
  const tensors = new Map([...stateTensors(state, network), ...historyTensors(epochs, stepLoss)]);
  return seal(encodeSafetensors(tensors, metadata));
}

/**
 * Parses a checkpoint. Throws an InputError that names the file if the file is damaged or the state is impossible for
 * its run. The checksum is verified before anything else is parsed.
 */
export function parseCheckpoint(bytes: Uint8Array, name: string): ParsedCheckpoint {
  checkSeal(bytes, name);
  const { tensors, metadata } = parseSafetensors(bytes, name);
  const what = `The checkpoint ${name}`;
  const json = parseJsonObject(metadata.get(headKey) ?? "", what);
  const fields = new JsonFields(json, what);
  const found = fields.integer("version", 1, limits.number);
  if (found !== version) {
    throw new InputError(`${name} is a checkpoint of version ${found}, but only version ${version} is read.`);
  }
  const settings = objectIn(json, "settings");
  const spec = readSpec(new JsonFields(settings, `The settings in ${name}`));
  const data = readDataFingerprint(fields.object("data", `The data in ${name}`), name);
  const { network, extent } = runOf(spec, data, name);

  const reader = new TensorReader(tensors, network, { name, double: fields.flag("double") });
  const state: RunState = {
    epoch: fields.integer("epoch", 0, spec.epochs),
    step: fields.integer("step", 0, limits.number),
    seconds: fields.number("seconds"),
    ...reader.state(),
  };
  const { epochs, stepLoss } = reader.history(state.epoch);
  reader.end();
  refusing(name, () => checkRunState(state, network, extent));
  if (!isFiniteState(state)) throw new InputError(`${name} holds numbers that are not finite.`);

  const adapter = fields.object("adapter", `The adapter in ${name}`);
  return {
    number: fields.integer("number", 0, limits.number),
    settings,
    adapter: { name: adapter.text("name", limits.text), software: adapter.flag("software") },
    family: fields.optional("family", (key) => fields.oneOf(key, families)),
    data,
    state,
    epochs,
    ...(stepLoss && { stepLoss }),
    spec,
    network,
  };
}

function readSpec(fields: JsonFields): TrainingSpec {
  const patches = readPatchSettings(fields);
  return { ...readTrainingSettings(fields), ...(patches && { patches }) };
}

/** The network of a run and its number of steps, from its settings and the sizes of its data. */
function runOf(
  spec: TrainingSpec,
  data: DataFingerprint,
  name: string,
): { network: NetworkSpec; extent: RunExtent } {
  const { epochs, batch } = spec;
  const { training, validation, shape } = sizesOf(data, spec.patches);
  const network = refusing(name, () => checkTraining(spec, { count: training, ...shape }));
  return { network, extent: { epochs, batch, images: { training, validation } } };
}

/** The result of `check`; its errors name the file. */
function refusing<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`${name} cannot be continued: ${cause.message}`, { cause });
  }
}

function objectIn(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isJsonObject(value) ? value : {};
}
