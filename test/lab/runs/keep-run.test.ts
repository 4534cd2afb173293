import "fake-indexeddb/auto";
import { effect } from "@preact/signals";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { TrainingEvent, TrainingService } from "../../../src/lab/protocol.ts";
import type { TrainingLink } from "../../../src/lab/run/worker-link.ts";
import type { RunStorage } from "../../../src/lab/runs/run-storage.ts";
import type { WorkerRun } from "../../../src/lab/worker/worker-run.ts";
import { Turns } from "../../../src/training/turns.ts";
import { blobData, shortRun } from "../../training/run-fixture.ts";
import { openCpuEngine } from "../worker/cpu-engine.ts";
import { fakeLocks } from "./fake-locks.ts";

/** The page's link to the Worker, and the files that the page saved. */
const worker = vi.hoisted(() => ({
  link: undefined as unknown,
  saved: [] as { blob: Blob; name: string }[],
}));

vi.mock("../../../src/lab/run/worker-link.ts", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  connect: () => {},
  currentLink: () => worker.link,
  ask: (question: (link: unknown) => unknown) => question(worker.link),
}));
vi.mock("../../../src/lab/shared/picture-files.ts", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  saveFile: (blob: Blob, name: string) => worker.saved.push({ blob, name }),
}));

/** Loads the page's modules, which access the browser when they are imported. */
async function loadPage() {
  vi.stubGlobal("navigator", { locks: fakeLocks() });
  const location = { search: "", hash: "", href: "http://page/" };
  vi.stubGlobal("window", { location, addEventListener: () => {} });
  vi.stubGlobal("document", { addEventListener: () => {}, visibilityState: "visible" });
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
  return {
    ...(await import("../../../src/lab/run/build-run.ts")),
    ...(await import("../../../src/lab/runs/continue-run.ts")),
    ...(await import("../../../src/lab/run/rescue.ts")),
    ...(await import("../../../src/lab/runs/actions.ts")),
    ...(await import("../../../src/lab/runs/exports.ts")),
    ...(await import("../../../src/lab/runs/keep-run.ts")),
    ...(await import("../../../src/lab/runs/run-file.ts")),
    ...(await import("../../../src/lab/runs/run-storage.ts")),
    ...(await import("../../../src/lab/runs/shelf.ts")),
    ...(await import("../../../src/lab/settings/draft.ts")),
    ...(await import("../../../src/lab/run/actions.ts")),
    ...(await import("../../../src/lab/run/state.ts")),
    ...(await import("../../../src/lab/runs/state.ts")),
    ...(await import("../../../src/lab/settings/state.ts")),
    ...(await import("../../../src/lab/worker/images.ts")),
    ...(await import("../../../src/lab/worker/worker-run.ts")),
    ...(await import("../../../src/lab/run/worker-events.ts")),
  };
}

type Page = Awaited<ReturnType<typeof loadPage>>;

let page: Page;
let current: WorkerRun;
let images: Awaited<ReturnType<Page["describeImages"]>>;
let told: Promise<void> = Promise.resolve();
const turns = new Turns();

/** Resolves when a condition on signals holds. */
const until = (condition: () => boolean) =>
  new Promise<void>((resolve) => {
    effect(() => {
      if (condition()) resolve();
    });
  });

/** Stores the run's checkpoint after the page has stored the run; before that, checkpoints are not stored. */
async function checkpoint(id: string): Promise<void> {
  await stored(id);
  await current.run?.save();
}

const link = () => worker.link as TrainingLink;

beforeAll(async () => {
  page = await loadPage();
  const engine = await openCpuEngine();
  current = new page.WorkerRun();
  images = await page.describeImages(0, { files: [], data: blobData(37, 11, 12, 12) });
  // Events arrive a moment later but in order, as messages do.
  const listener = (event: TrainingEvent) => {
    told = told.then(() => new Promise((resolve) => setImmediate(resolve))).then(() => page.takeEvent(event));
    return told;
  };
  const tools = { engine, listener };
  const inTurn = <T>(work: () => Promise<T>) => turns.take(work);
  const nothing = async () => {};
  const { adapter } = engine;
  const service: Partial<TrainingService> = {
    start: (spec, _, id) => inTurn(() => current.start(tools, spec, images, id)),
    resume: (run) => inTurn(() => current.resume(tools, run, images)),
    goOn: ({ spec, run }) =>
      inTurn(async () => {
        const goneOn = await current.goOn(tools, spec, run);
        return { ...goneOn, engine: { backend: "cpu", adapter, profiled: false } };
      }),
    tellModel: () => inTurn(async () => current.run?.tellModel()),
    ...{ show: nothing, pause: nothing, train: nothing, prepare: nothing, save: nothing },
  };
  worker.link = service;
  page.runState.digits.value = images.summary;
  page.runState.laboratory.value = {
    ...{ backend: "cpu", fallbackReason: undefined, replacesSoftware: false, adapter, profiled: false },
  };
  page.keepRuns();
  await page.shelf.open();
});

// No test waits: delayed and repeated writes are made immediately.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.setTimerTickMode("nextTimerAsync");
  page.runState.phase.value = "idle";
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Starts a new run; returns its id. */
async function begin(hidden: number, epochs = 20): Promise<string> {
  page.settingsState.draft.value = page.draftOf(shortRun({ hidden: [hidden], epochs }));
  await page.buildRun(link(), images.summary);
  return page.runId.value ?? "";
}

/** Trains this number of epochs, and this number of steps of the next one. */
async function train(epochs: number, steps = 0): Promise<void> {
  const { run } = current;
  if (!run) throw new Error("There is no run.");
  const to = run.trainer.progress.epoch + epochs;
  while (run.unfinished && run.trainer.progress.epoch < to) await turns.take(() => run.step());
  for (let step = 0; step < steps; step++) await turns.take(() => run.step());
  await told;
}

/** A run as it is stored in the browser, after all writes. */
async function stored(id: string) {
  await told;
  page.saveRun();
  await page.shelf.modelOf(id);
  return new page.RunStorage().run(id);
}

/** The same for a run that must be stored. */
async function storedRun(id: string) {
  const run = await stored(id);
  if (!run) throw new Error("The run is not stored.");
  return run;
}

const epochsOf = (scored: readonly { readonly epoch: number }[] = []) => scored.map(({ epoch }) => epoch);
const numbersTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Exports the run as the user does, and returns the result of importing that file. */
async function exported(id: string) {
  const run = page.runsState.kept.value.find((kept) => kept.id === id);
  const [kind] = page.runExports;
  if (!run || !kind) throw new Error("There is no such run.");
  await page.exportRun(run, kind);
  const file = worker.saved.at(-1);
  if (!file) throw new Error(page.runsState.fault.value);
  return page.parseRun(new Uint8Array(await file.blob.arrayBuffer()), file.name);
}

describe("a continued run", () => {
  test("leaves the scores of the previous run unchanged, and has its own", async () => {
    const first = await begin(9);
    await train(6);
    await checkpoint(first);
    const scores = (await stored(first))?.scores;
    expect(epochsOf(scores)).toEqual(numbersTo(6));
    const second = await begin(5);
    await train(3);
    const kept = await storedRun(first);
    await page.resumeRun(link(), kept, images.summary, undefined);
    expect((await stored(first))?.scores).toEqual(scores);
    expect(epochsOf((await stored(second))?.scores)).toEqual(numbersTo(3));
    await train(1);
    expect(epochsOf((await stored(first))?.scores)).toEqual(numbersTo(7));
    for (const id of [first, second])
      expect((await exported(id)).run).toMatchObject({ spec: { epochs: 20 } });
  });

  test("keeps the score of its last epoch if it continues within an epoch", async () => {
    const first = await begin(9);
    await train(3, 4);
    await checkpoint(first);
    const before = await storedRun(first);
    expect(epochsOf(before.scores)).toEqual(numbersTo(3));
    await begin(5);
    await page.resumeRun(link(), before, images.summary, undefined);
    expect(page.runState.progress.value).toMatchObject({ epoch: 3 });
    expect(page.runState.progress.value?.step).toBeGreaterThan(0);
    await train(1);
    const after = await stored(first);
    expect(after?.scores.slice(0, 3)).toEqual(before.scores);
    expect(epochsOf(after?.scores)).toEqual(numbersTo(4));
  });

  test("is continued once by two quick presses, without an error about another tab", async () => {
    const first = await begin(8);
    await train(2);
    await checkpoint(first);
    const kept = await storedRun(first);
    await begin(5);
    await Promise.all([page.continueRun(kept), page.continueRun(kept)]);
    await page.continueRun(kept);
    expect(page.settingsState.refusal.value).toBeUndefined();
    expect(page.keptRunId.value).toBe(first);
  });

  test.each([
    ["on another engine", false],
    ["at a lower rate, as a separate run", true],
  ])(
    "that had stopped and continues %s has ascending scores, and a file that can be read",
    async (_, calmer) => {
      const first = await begin(4);
      await train(1);
      await checkpoint(first);
      await train(3);
      const before = (await stored(first))?.scores;
      expect(epochsOf(before)).toEqual(numbersTo(4));
      const { value: spec } = page.runSpec;
      if (!spec) throw new Error("There is no run.");
      page.runState.phase.value = "failed";
      page.runState.rescue.value = {
        ...{ place: { epoch: 1, step: 0 }, backend: "cpu" },
        spec: calmer ? page.calmerSpec(spec, undefined) : spec,
      };
      await page.goOn();
      const from = current.run?.trainer.progress.epoch ?? 0;
      await train(2);
      const id = page.keptRunId.value ?? "";
      expect(id === first).toBe(!calmer);
      if (calmer) expect((await stored(first))?.scores).toEqual(before);
      expect(epochsOf((await stored(id))?.scores)).toEqual(numbersTo(from + 2));
      const name = page.runsState.kept.value.find((run) => run.id === id)?.name;
      expect(name?.match(/, from epoch 2/g)?.length ?? 0).toBe(calmer ? 1 : 0);
      expect((await stored(id))?.name).toBe(name);
      expect((await exported(id)).run.epochs.length).toBe(from + 2);
    },
  );
});

test("a run that is exported during training can be imported", async () => {
  const id = await begin(9, 1_000_000);
  await train(1);
  // Each read of the clock advances it by 5 ms, so that the run yields as it does with the real clock.
  let now = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => (now += 5));
  let trains = true;
  const training = (async () => {
    while (trains && current.run?.unfinished) {
      const manners = { goesOn: () => true, givesWay: () => turns.waiting > 0 || !trains };
      await turns.take(async () => current.run?.train(manners));
    }
  })();
  for (let time = 0; time < 3; time++) {
    const before = page.runState.epochs.value.length;
    await until(() => page.runState.epochs.value.length > before);
    const { run, model } = await exported(id);
    expect(model?.epoch).toBeGreaterThan(0);
    expect(run.epochs.length).toBeGreaterThanOrEqual(model?.epoch ?? Number.NaN);
  }
  trains = false;
  await training;
});

describe("after the storage was full for a while, it", () => {
  const full = () => new DOMException("There is no room.", "QuotaExceededError");

  test("stores a new run with its weights as soon as there is room, and the error disappears", async () => {
    const add = vi.spyOn(page.RunStorage.prototype, "add").mockRejectedValue(full());
    const id = await begin(7);
    await train(1);
    expect(await stored(id)).toBeUndefined();
    expect(page.runsState.storageFault.value).toMatch(/^The browser's storage is full: /);
    await train(1);
    expect(await stored(id)).toBeUndefined();
    add.mockRestore();
    await train(1);
    const run = await stored(id);
    expect(run?.epochs.length).toBe(3);
    expect(epochsOf(run?.scores)).toEqual(numbersTo(3));
    expect((await new page.RunStorage().model(id))?.epoch).toBe(3);
    expect(page.runsState.storageFault.value).toBeUndefined();
    await train(1);
    await current.run?.save();
    await told;
    expect(page.runsState.saved.value?.place).toMatchObject({ run: id });
  });

  test("stores the changes of a run and its weights as soon as there is room", async () => {
    const id = await begin(6);
    await train(1);
    await stored(id);
    const { prototype } = page.RunStorage;
    const mocks = [vi.spyOn(prototype, "change"), vi.spyOn(prototype, "setModel")];
    for (const mock of mocks) mock.mockRejectedValue(full());
    await train(2);
    expect((await stored(id))?.epochs.length).toBe(1);
    expect(page.runsState.storageFault.value).toMatch(/^The browser's storage is full: /);
    expect((await page.shelf.modelOf(id))?.epoch).toBe(3);
    for (const mock of mocks) mock.mockRestore();
    expect((await stored(id))?.epochs.length).toBe(3);
    expect((await new page.RunStorage().model(id))?.epoch).toBe(3);
    expect(page.runsState.storageFault.value).toBeUndefined();
  });

  test("stores what still fits of other runs, and makes a deletion as soon as possible", async () => {
    const id = await begin(6);
    await train(1);
    const run = await storedRun(id);
    const large = { ...run, id: "large", name: "large" };
    const { prototype } = page.RunStorage;
    const { add } = prototype;
    vi.spyOn(prototype, "add").mockImplementation(function (this: RunStorage, added, model) {
      return added.id === "large" ? Promise.reject(full()) : add.call(this, added, model);
    });
    await page.shelf.add(large);
    await train(1);
    expect((await stored(id))?.epochs.length).toBe(2);
    expect((await new page.RunStorage().model(id))?.epoch).toBe(2);
    const next = await begin(5);
    await train(1);
    expect((await stored(next))?.epochs.length).toBe(1);
    expect(page.runsState.storageFault.value).toMatch(/^The browser's storage is full: /);
    const remove = vi.spyOn(prototype, "remove").mockRejectedValueOnce(full());
    await page.shelf.remove(large);
    await page.shelf.remove(run);
    expect(remove).toHaveBeenCalledTimes(3);
    expect(await stored(id)).toBeUndefined();
    expect(page.runsState.storageFault.value).toBeUndefined();
  });

  test("stores the newest weights of a run whose deletion is undone while it trains", async () => {
    const id = await begin(6);
    await train(1);
    const run = await storedRun(id);
    await page.deleteRun(run);
    await train(1);
    await page.undoDeletion();
    expect((await stored(id))?.epochs.length).toBe(2);
    expect((await new page.RunStorage().model(id))?.epoch).toBe(2);
  });

  test("does not restore a run that was deleted in the meantime", async () => {
    const add = vi.spyOn(page.RunStorage.prototype, "add").mockRejectedValue(full());
    const id = await begin(3);
    await train(1);
    expect(await stored(id)).toBeUndefined();
    const run = page.runsState.kept.value.find((kept) => kept.id === id);
    if (!run) throw new Error("The page does not have the run.");
    await page.deleteRun(run);
    add.mockRestore();
    await begin(2);
    await train(1);
    expect(await stored(id)).toBeUndefined();
    expect(page.runsState.storageFault.value).toBeUndefined();
  });
});
