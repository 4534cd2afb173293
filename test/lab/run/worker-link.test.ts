import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { beginStroke, followDrawing } from "../../../src/lab/draw/draw.ts";
import { trialState } from "../../../src/lab/draw/state.ts";
import { followPretrained } from "../../../src/lab/images/shown.ts";
import { imagesState } from "../../../src/lab/images/state.ts";
import { type CurrentRun, currentRun, runState } from "../../../src/lab/run/state.ts";
import { ask, connect } from "../../../src/lab/run/worker-link.ts";
import { NewestOnly } from "../../../src/lab/shared/scheduling.ts";
import { defaultTraining } from "../../../src/spec/settings.ts";

/** A request as comlink sends it. The tests use only its number and the method. */
interface Question {
  readonly id: string;
  readonly path: readonly string[];
}

/** A Worker that answers only when a test calls a method, in comlink's format. */
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

  /** Sends a response to the latest request. */
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

/** Starts a Worker, replacing the previous one. */
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

/** Receives the error that `ask` reports. */
const told = vi.fn<(error: unknown) => void>();
const askForPaths = () => ask((connected) => connected.sortPaths([]), told);

/** Waits until the responses have arrived. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a request returns its answer, or its error is reported", async () => {
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
  ["does not respond", () => {}],
  ["answers too late", (worker: SilentWorker) => worker.answer("the answer")],
  ["fails too late", (worker: SilentWorker) => worker.refuse("That was too much.")],
])("a request to a Worker that is replaced and %s is dropped silently", async (_, end) => {
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

test("after a replacement, a queue with one request at a time continues with the new Worker", async () => {
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

test("the network for digits is requested again when the new Worker is open, not before", async () => {
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

test("a drawing is denoised again when the new Worker has a run, not before", async () => {
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
