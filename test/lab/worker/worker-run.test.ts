import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseModel } from "../../../src/formats/model-file.ts";
import type { TrainingEvent } from "../../../src/lab/protocol.ts";
import { CheckpointStorage, lockRun } from "../../../src/lab/runs/checkpoint-storage.ts";
import { RunStorage } from "../../../src/lab/runs/run-storage.ts";
import { describeImages } from "../../../src/lab/worker/images.ts";
import { WorkerRun } from "../../../src/lab/worker/worker-run.ts";
import { foldCentre } from "../../../src/network/centre.ts";
import type { EpochRecord } from "../../../src/training/history.ts";
import { blobData, shortRun } from "../../training/run-fixture.ts";
import { fakeLocks } from "../runs/fake-locks.ts";
import { smallRun } from "../runs/fixtures.ts";
import { openCpuEngine } from "./cpu-engine.ts";

const data = blobData(37, 11, 6, 5);
const spec = shortRun({ hidden: [9], epochs: 6, centre: true });
const engine = await openCpuEngine();

// No test waits: retries are immediate.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.setTimerTickMode("nextTimerAsync");
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("navigator", { locks: fakeLocks() });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A limit for a test that hangs, not for its speed. */
const hang = { timeout: 60_000 };

/** A Worker's run, and a page that stores it. */
async function lab(images = data) {
  const current = new WorkerRun();
  const told: TrainingEvent[] = [];
  const tools = { engine, listener: (event: TrainingEvent) => void told.push(event) };
  const available = await describeImages(0, { files: [], data: images });
  const of = <K extends TrainingEvent["kind"]>(kind: K) =>
    told.filter((event): event is Extract<TrainingEvent, { kind: K }> => event.kind === kind);
  /** The run interrupts itself now and then, as in the Worker. */
  const train = async (goesOn = () => true) => {
    const { run } = current;
    if (!run) throw new Error("There is no run.");
    run.shown = [0];
    while (goesOn() && run.unfinished) await run.train({ goesOn, givesWay: () => !goesOn() });
  };
  return {
    current,
    train,
    told,
    tools,
    available,
    of,
    start: (run = spec) => current.start(tools, run, available, "one"),
  };
}

type Lab = Awaited<ReturnType<typeof lab>>;

const keptByPage = async () => new RunStorage().add(smallRun);

/** Trains until this number of epochs was reported, and pauses there. */
async function trainTo({ current, train, of }: Lab, epochs: number): Promise<void> {
  await train(() => of("epoch").length < epochs);
  await current.run?.save();
}

/** Trains step by step until this number of epochs was reported, and pauses at the end of the last one. */
async function stepTo({ current, of }: Lab, epochs: number): Promise<void> {
  while (of("epoch").length < epochs) await current.run?.step();
  await current.run?.save();
}

const withoutSeconds = (records: readonly EpochRecord[]) =>
  records.map(({ seconds: _, ...record }) => record);
const recordsOf = ({ of }: Lab) => withoutSeconds(of("epoch").map(({ record }) => record));

async function undisturbed(run = spec) {
  const whole = await lab();
  await whole.start(run);
  await whole.train();
  const model = await whole.current.run?.trainer.weights();
  await whole.current.run?.destroy();
  return { records: recordsOf(whole), model };
}

test("a run that was cut short continues in another Worker to the same figures", async () => {
  const expected = await undisturbed();
  await keptByPage();
  const first = await lab();
  await first.start();
  await trainTo(first, 3);
  const saved = first.of("saved").at(-1);
  expect(saved?.place).toMatchObject({ run: "one", epoch: first.current.run?.trainer.progress.epoch });
  await first.current.run?.destroy();

  const second = await lab();
  const resumed = await second.current.resume(second.tools, { id: "one", name: "it" }, second.available);
  expect(resumed.spec).toEqual(spec);
  expect(resumed.remarks).toEqual([]);
  expect(withoutSeconds(resumed.epochs)).toEqual(expected.records.slice(0, resumed.epochs.length));
  await second.train();
  expect([...withoutSeconds(resumed.epochs), ...recordsOf(second)]).toEqual(expected.records);
  expect(await second.current.run?.trainer.weights()).toEqual(expected.model);
});

test("a run that the page has not stored is not saved, and it is saved after the page has stored it", async () => {
  const { start, current, train, of } = await lab();
  await start();
  await current.run?.step();
  await current.run?.save();
  const checkpoints = new CheckpointStorage();
  expect(await checkpoints.places()).toEqual([]);
  await train(() => of("epoch").length < 2);
  await current.run?.save();
  expect(of("saved")).toEqual([]);
  await keptByPage();
  await current.run?.save();
  expect(of("saved").length).toBe(1);
  expect((await checkpoints.places()).length).toBe(1);
});

test("a run that stops before the page has stored it is saved as soon as the page has", async () => {
  const { start, current, train, of } = await lab();
  await start();
  await train(() => of("epoch").length < 2);
  await current.run?.save();
  // The page stores it between the first check and the second.
  const looks = vi.spyOn(CheckpointStorage.prototype, "hasRun").mockImplementationOnce(async () => {
    await keptByPage();
    return false;
  });
  await current.run?.save();
  expect(looks).toHaveBeenCalledTimes(2);
  expect(of("saved").at(-1)?.place).toMatchObject({ run: "one", epoch: current.run?.trainer.progress.epoch });
});

test("checkpoints cleared by the browser are reported, and the run trains on", async () => {
  await keptByPage();
  const one = await lab();
  await one.start();
  await trainTo(one, 2);
  const saved = one.of("saved").length;
  expect(saved).toBeGreaterThan(0);
  await new RunStorage().remove("one");
  await one.current.run?.step();
  await one.current.run?.save();
  expect(one.of("unsaved").at(-1)).toMatchObject({ run: "one", gone: true });
  await one.train();
  expect(one.of("epoch").length).toBe(spec.epochs);
  expect(one.of("saved").length).toBe(saved);
});

test("if the computer slept during a save, the run is saved again after five minutes", async () => {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ["performance"] });
  await keptByPage();
  const { start, current, of } = await lab();
  await start();
  const { run } = current;
  if (!run) throw new Error("There is no run.");
  const read = run.trainer.state.bind(run.trainer);
  const sleepy = vi.spyOn(run.trainer, "state").mockImplementation(() => {
    vi.advanceTimersByTime(3_600_000);
    return read();
  });
  while (of("epoch").length < 1) await run.step();
  await vi.waitFor(() => expect(of("saved").length).toBe(1), hang);
  sleepy.mockRestore();
  for (const [minutes, saved] of [
    [4, 1],
    [2, 2],
  ] as const) {
    vi.advanceTimersByTime(60_000 * minutes);
    await run.step();
    await vi.waitFor(() => expect(of("saved").length).toBe(saved), hang);
  }
});

test("other images than the run's are refused, and nothing changes", async () => {
  await keptByPage();
  const first = await lab();
  await first.start();
  await trainTo(first, 2);
  await first.current.run?.destroy();
  const other = await lab(blobData(37, 12, 6, 5));
  await other.current.start(other.tools, spec, other.available, "two");
  const { run } = other.current;
  await expect(other.current.resume(other.tools, { id: "one", name: "it" }, other.available)).rejects.toThrow(
    "validation is no longer what the run in it was trained on: its images changed.",
  );
  expect(other.current.run).toBe(run);
});

test("a run that is open in another tab is refused in one sentence", async () => {
  await keptByPage();
  const lock = await lockRun("one");
  const { current, tools, available } = await lab();
  const resumed = current.resume(tools, { id: "one", name: "it" }, available);
  await expect(resumed).rejects.toThrow("it is open in another tab and continues only there.");
  lock?.release();
});

test("a storage that is full is reported, and the run trains on", async () => {
  await keptByPage();
  const { start, train, of } = await lab();
  await start();
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("There is no room.", "QuotaExceededError");
  };
  try {
    await train();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  expect(of("epoch").length).toBe(spec.epochs);
  expect(of("saved")).toEqual([]);
  expect(of("unsaved")[0]).toMatchObject({
    run: "one",
    fault: expect.stringContaining("The browser's storage is full"),
  });
});

test("a run that diverges keeps its last good epoch, and continues from there at a lower rate", async () => {
  const calm = shortRun({
    ...{ hidden: [9], epochs: 12, loss: "mse", output: "linear", seed: 3 },
    optimizer: { name: "adam", lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  });
  const expected = await undisturbed(calm);
  await keptByPage();
  const wild = { ...calm, optimizer: { ...calm.optimizer, lr: 1000 } };
  const first = await lab();
  await first.start(calm);
  await stepTo(first, 2);
  const { epochs } = await first.current.goOn(first.tools, wild, "one");
  const good = first.current.run?.lastGood;
  expect(epochs.length).toBe(2);
  expect(good?.epochs).toEqual(epochs);
  const place = await new CheckpointStorage().place("one");
  await expect(first.train()).rejects.toThrow(/^The training diverged in epoch 3 at step \d+/);
  expect(first.current.run?.lastGood).toEqual(good);
  // No value that is not finite replaced the good ones.
  expect(await new CheckpointStorage().place("one")).toEqual(place);
  const model = first.of("model").at(-1)?.model;
  expect(model).toMatchObject({ epoch: 2, step: good?.state.step });
  const layers = good?.state.weights.map(({ weight, bias }) => ({
    weight: Float32Array.from(weight),
    bias: Float32Array.from(bias),
  }));
  expect(parseModel(model?.bytes ?? new Uint8Array(), "m").layers).toEqual(foldCentre(layers ?? [], 0));

  // At the original rate it gives the same run as without the divergence.
  await first.current.goOn(first.tools, calm, "one");
  expect(first.current.run?.trainer.progress).toMatchObject({ epoch: 2, step: good?.state.step });
  await first.train();
  expect(recordsOf(first)).toEqual(expected.records);
});

test("a run that was saved after it began to diverge continues from the end of the previous epoch", async () => {
  const calm = shortRun({
    ...{ hidden: [9], epochs: 12, loss: "mse", output: "linear", seed: 3 },
    optimizer: { name: "adam", lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  });
  await keptByPage();
  const { current, start, tools, train, of } = await lab();
  await start(calm);
  do await current.run?.step();
  while (current.run?.trainer.progress.step !== 0);
  await current.run.save();
  const wild = { ...calm, optimizer: { ...calm.optimizer, lr: 1000 } };
  await current.goOn(tools, wild, "one");
  await current.run.step();
  await current.run.save();
  expect(of("saved").at(-1)?.place).toMatchObject({ epoch: 1, step: 1 });
  await expect(train()).rejects.toThrow(/^The training diverged in epoch 2 at step \d+/);
  expect(current.run.lastGood?.state).toMatchObject({ epoch: 1, step: 0 });
});

test("waiting for a run to be prepared ends if the run is replaced", async () => {
  const { start, current } = await lab();
  await start();
  const { run: replaced } = current;
  await start();
  expect(current.run).not.toBe(replaced);
  await replaced?.prepared;
});
