import "fake-indexeddb/auto";
import { openDB } from "idb";
import { afterAll, expect, test } from "vitest";
import { openCpu } from "../../../src/engine/open-cpu.ts";
import { encodeCheckpoint } from "../../../src/formats/checkpoint.ts";
import { fingerprintOf } from "../../../src/formats/data-fingerprint.ts";
import { trainingSettings } from "../../../src/formats/training-settings.ts";
import { CheckpointStorage, newestCheckpoint } from "../../../src/lab/runs/checkpoint-storage.ts";
import { RunConnection, RunStorage } from "../../../src/lab/runs/run-storage.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { trainOn } from "../../../src/training/device-run.ts";
import { blobData, shortRun } from "../../training/run-fixture.ts";
import { modelFor, smallRun } from "./fixtures.ts";

const cpu = await openCpu({ threads: 1 });
afterAll(() => cpu.destroy());

let databases = 0;

/** A separate database that holds one run. */
async function storages() {
  databases += 1;
  const connection = new RunConnection(`checkpoints ${databases}`);
  const runs = new RunStorage(connection);
  const checkpoints = new CheckpointStorage(connection);
  await runs.add(smallRun, modelFor(smallRun));
  return { runs, checkpoints };
}

const place = (number: number, run = smallRun.id) => ({
  ...{ run, number, epoch: number, step: 0, time: 1000 * number },
});

/** The file of a real run on the CPU after `number` epochs. */
async function checkpointAfter(number: number): Promise<Uint8Array<ArrayBuffer>> {
  const data = blobData(8, 4, 2, 3);
  const spec = shortRun({ hidden: [2], epochs: 5 });
  const trainer = await trainOn(cpu, spec, data);
  const epochs = [];
  for await (const { record } of trainer.epochs()) {
    epochs.push(record);
    if (epochs.length === number) break;
  }
  return encodeCheckpoint({
    ...{ number, settings: trainingSettings(spec), adapter: cpu.adapter },
    ...{ family: undefined, data: await fingerprintOf(data), state: await trainer.state(), epochs },
  });
}

const bytesOf = (...bytes: number[]) => Uint8Array.from(bytes);

test("checkpoints are written to alternating slots, so that the previous one is always available", async () => {
  const { checkpoints } = await storages();
  for (const number of [1, 2, 3]) {
    const saved = await checkpoints.save(place(number), bytesOf(number));
    expect(saved).toEqual({ ...place(number), slot: number === 2 ? "b" : "a" });
    expect(await checkpoints.place("one")).toEqual(saved);
  }
  expect(await checkpoints.checkpoints("one")).toEqual([
    { slot: "a", bytes: bytesOf(3) },
    { slot: "b", bytes: bytesOf(2) },
  ]);
});

test("nothing is stored for a run that is not in the storage, or no longer", async () => {
  const { runs, checkpoints } = await storages();
  expect(await checkpoints.save(place(1, "two"), bytesOf(1))).toBeUndefined();
  await checkpoints.save(place(1), bytesOf(1));
  await runs.remove("one");
  expect(await checkpoints.save(place(2), bytesOf(2))).toBeUndefined();
  expect(await checkpoints.checkpoints("two")).toEqual([]);
  // Its deletion can be undone.
  expect(await checkpoints.checkpoints("one")).toEqual([{ slot: "a", bytes: bytesOf(1) }]);
  await checkpoints.tidy(3, new Set());
  expect(await checkpoints.checkpoints("one")).toEqual([]);
  expect(await checkpoints.places()).toEqual([]);
});

test.each(["checkpoints", "places"])("if %s cannot be written, the old checkpoint stays", async (store) => {
  const { checkpoints } = await storages();
  await checkpoints.save(place(1), bytesOf(1));
  await checkpoints.save(place(2), bytesOf(2));
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
    if (this.name === store) throw new DOMException("There is no room.", "QuotaExceededError");
    return put.apply(this, args);
  };
  try {
    await expect(checkpoints.save(place(3), bytesOf(3))).rejects.toThrow("There is no room.");
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  expect((await checkpoints.place("one"))?.number).toBe(2);
  expect(await checkpoints.checkpoints("one")).toEqual([
    { slot: "a", bytes: bytesOf(1) },
    { slot: "b", bytes: bytesOf(2) },
  ]);
  expect((await checkpoints.save(place(3), bytesOf(3)))?.slot).toBe("a");
});

test("only the latest few checkpoints and those in use are kept", async () => {
  const { runs, checkpoints } = await storages();
  const names = ["a", "b", "c", "d", "e"];
  for (const [index, id] of names.entries()) {
    await runs.add({ ...smallRun, id });
    await checkpoints.save(place(index + 1, id), bytesOf(index));
  }
  await checkpoints.tidy(3, new Set(["a"]));
  expect((await checkpoints.places()).map(({ run }) => run).sort()).toEqual(["a", "c", "d", "e"]);
  expect(await checkpoints.checkpoints("b")).toEqual([]);
  await checkpoints.remove("c");
  expect(await checkpoints.checkpoints("c")).toEqual([]);
});

test("data stored by version 1 is available in version 2", async () => {
  databases += 1;
  const name = `checkpoints ${databases}`;
  const old = await openDB(name, 1, {
    upgrade(opened) {
      opened.createObjectStore("runs");
      opened.createObjectStore("models");
    },
  });
  const { epochs, ...run } = smallRun;
  const packed = Float64Array.from(
    epochs.flatMap(({ epoch, loss, valLoss, valPsnr, seconds }) => [epoch, loss, valLoss, valPsnr, seconds]),
  );
  // Version 1 lacks these later settings. Their defaults equal its behaviour.
  const { centre: _, shift: __, ...spec } = run.spec;
  await old.put("runs", { ...run, spec, epochs: packed }, "one");
  await old.put("models", modelFor(smallRun), "one");
  old.close();
  const connection = new RunConnection(name);
  const runs = new RunStorage(connection);
  expect(await runs.runs()).toEqual([smallRun]);
  expect(await runs.model("one")).toEqual(modelFor(smallRun));
  const checkpoints = new CheckpointStorage(connection);
  expect(await checkpoints.places()).toEqual([]);
  expect((await checkpoints.save(place(1), bytesOf(1)))?.slot).toBe("a");
});

const damages: readonly [string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>][] = [
  ["truncated", (bytes) => bytes.slice(0, bytes.length - 1)],
  ["empty", () => new Uint8Array()],
  [
    "with a flipped bit",
    (bytes) => bytes.map((byte, index) => (index === bytes.length - 9 ? byte ^ 1 : byte)),
  ],
];

test.each(damages)(
  "instead of a newest checkpoint %s the previous one is used, and this is reported",
  async (_, damage) => {
    const [older, newer] = [await checkpointAfter(1), await checkpointAfter(2)];
    const whole = [
      { slot: "b", bytes: newer },
      { slot: "a", bytes: older },
    ] as const;
    expect(newestCheckpoint(whole, "it")).toMatchObject({ checkpoint: { number: 2 }, faults: [] });
    const damaged = [{ slot: "b", bytes: damage(newer) }, whole[1]] as const;
    const { checkpoint, faults } = newestCheckpoint(damaged, "it");
    expect(checkpoint).toMatchObject({ number: 1, state: { epoch: 1 }, spec: { hidden: denseLayers(2) } });
    expect(faults).toEqual([expect.stringMatching(/^Checkpoint b of it is .+\.$/)]);
    expect(() => newestCheckpoint([damaged[0]], "it")).toThrow(faults[0]);
  },
);

test("an error reports that nothing is saved", () => {
  expect(() => newestCheckpoint([], "784-32-784")).toThrow(
    "784-32-784 cannot be continued: nothing of it is saved.",
  );
});
