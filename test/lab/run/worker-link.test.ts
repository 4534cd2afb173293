import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { beginStroke, followDrawing } from "../../../src/lab/denoise/draw.ts";
import { trialState } from "../../../src/lab/denoise/state.ts";
import { followPretrained } from "../../../src/lab/images/shown.ts";
import { imagesState } from "../../../src/lab/images/state.ts";
import { type CurrentRun, currentRun, runState } from "../../../src/lab/run/state.ts";
import { ask, connect } from "../../../src/lab/run/worker-link.ts";
import { NewestOnly } from "../../../src/lab/shared/scheduling.ts";
import { defaultTraining } from "../../../src/spec/settings.ts";

/** A question as comlink puts it, of which its number and the method are of account here. */
interface Question {
  readonly id: string;
  readonly path: readonly string[];
}

/** A Worker that answers only what it is told to, in comlink's words. */
class SilentWorker extends EventTarget {
  static readonly started: SilentWorker[] = [];
  readonly asked: Question[] = [];

  constructor() {
    super();
    SilentWorker.started.push(this);
  }

  postMessage(question: Question): void {
    this.asked.push(question);
  }

  terminate(): void {}

  get methods(): string[] {
    return this.asked.map(({ path }) => path.join("."));
  }

  answer(value: unknown): void {
    this.#tell({ type: "RAW", value });
  }

  refuse(message: string): void {
    const value = { isError: true, value: { name: "InputError", message } };
    this.#tell({ type: "HANDLER", name: "throw", value });
  }

  /** What is said of the latest question. */
  #tell(words: object): void {
    const data = { id: this.asked.at(-1)?.id, ...words };
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

beforeEach(() => {
  vi.stubGlobal("Worker", SilentWorker);
  imagesState.pictures.value = undefined;
  runState.phase.value = "idle";
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Starts a Worker in the place of the one before. */
function start(): SilentWorker {
  connect();
  const worker = SilentWorker.started.at(-1);
  if (!worker) throw new Error("No Worker was started.");
  return worker;
}

/** A run on images of the digits' size. */
const someRun: CurrentRun = {
  ...{ id: "some run", spec: defaultTraining, kept: false },
  images: {
    ...{ id: 0, files: [], rows: 28, columns: 28, trainingImages: 8000, validationImages: 2000 },
    ...{ labels: undefined, samples: new Float32Array() },
  },
};

/** What `ask` tells of an error. */
const told = vi.fn<(error: unknown) => void>();
const askForPaths = () => ask((connected) => connected.sortPaths([]), told);

/** Until the answers that were given have come. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a question is answered, or its refusal is told", async () => {
  const worker = start();
  const answered = askForPaths();
  worker.answer("the answer");
  expect(await answered).toBe("the answer");
  const refused = askForPaths();
  worker.refuse("That was too much.");
  expect(await refused).toBeUndefined();
  expect(told.mock.lastCall).toMatchObject([{ name: "InputError", message: "That was too much." }]);
});

test.each([
  ["says nothing more", () => {}],
  ["answers too late", (worker: SilentWorker) => worker.answer("the answer")],
  ["refuses too late", (worker: SilentWorker) => worker.refuse("That was too much.")],
])("a question of a Worker that is replaced and %s is dropped without a word", async (_, end) => {
  told.mockClear();
  const old = start();
  const asked = askForPaths();
  const worker = start();
  end(old);
  expect(await Promise.race([asked, settled().then(() => "still waiting")])).toBeUndefined();
  await settled();
  expect(told).not.toHaveBeenCalled();
  const next = askForPaths();
  worker.answer("of the new one");
  expect(await next).toBe("of the new one");
});

test("who waits for one answer at a time goes on with the new Worker", async () => {
  const jobs = new NewestOnly();
  const answers: unknown[] = [];
  const job = async () => {
    answers.push(await askForPaths());
  };
  start();
  void jobs.do(job);
  const worker = start();
  void jobs.do(job);
  await settled();
  expect(worker.methods).toEqual(["sortPaths"]);
  worker.answer("of the new one");
  await settled();
  expect(answers).toEqual([undefined, "of the new one"]);
});

test("the network for digits is asked for anew once the new Worker is open, not sooner", async () => {
  const pixels = new Float32Array(784);
  const worker = start();
  imagesState.pictures.value = {
    ...{ images: [0], labels: undefined, rows: 28, columns: 28 },
    ...{ clean: pixels, noisy: pixels, denoised: pixels },
  };
  followPretrained();
  expect(worker.methods).toEqual(["denoiseImages"]);
  runState.phase.value = "failed";
  const next = start();
  runState.phase.value = "opening";
  await settled();
  expect(next.methods).toEqual([]);
  runState.phase.value = "idle";
  expect(next.methods).toEqual(["denoiseImages"]);
});

test("a drawing is denoised anew once the new Worker has a run, not sooner", async () => {
  trialState.chosen.value = "digits";
  currentRun.value = someRun;
  const worker = start();
  beginStroke({ x: 9, y: 9 });
  followDrawing();
  beginStroke({ x: 12, y: 9 });
  followDrawing();
  expect(worker.methods).toEqual(["denoiseImages"]);
  runState.phase.value = "failed";
  const next = start();
  currentRun.value = undefined;
  runState.phase.value = "opening";
  await settled();
  expect(next.methods).toEqual([]);
  currentRun.value = someRun;
  followDrawing();
  expect(next.methods).toEqual(["denoiseImages"]);
});
