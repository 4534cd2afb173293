import { beforeEach, describe, expect, test, vi } from "vitest";
import { applyToAll, choose, remove } from "../../../src/lab/denoise/actions.ts";
import type { DenoisedPicture, PictureEvent, PictureRequest } from "../../../src/lab/denoise/protocol.ts";
import {
  addPictures,
  cancelPictures,
  enqueue,
  removePictures,
  setChoices,
  stopLearning,
} from "../../../src/lab/denoise/queue.ts";
import { denoiseState, shownPicture, shownPixels } from "../../../src/lab/denoise/state.ts";
import { autoencoder } from "../../../src/spec/network.ts";

/** A request to the Worker, which a test answers. */
interface Asked {
  readonly request: PictureRequest;
  readonly tell: (event: PictureEvent) => void;
  readonly answer: (result: DenoisedPicture | undefined) => void;
  readonly fail: (error: Error) => void;
}

const worker = vi.hoisted(() => ({ asked: [] as unknown[], cancelled: 0, stopped: 0 }));
const asked = worker.asked as Asked[];

/** A Worker that answers when a test says so; a cancelled picture has no result. */
vi.mock("../../../src/lab/run/worker-link.ts", async (importOriginal) => {
  const link = {
    denoisePicture: (request: PictureRequest, tell: (event: PictureEvent) => void) =>
      new Promise((answer, fail) => worker.asked.push({ request, tell, answer, fail })),
    cancelPicture: async () => {
      worker.cancelled += 1;
      (worker.asked.at(-1) as Asked).answer(undefined);
    },
    stopLearning: async () => {
      worker.stopped += 1;
    },
    readPicture: async () => pixelsOf(1),
  };
  const askWithoutRun = async (question: (connected: unknown) => unknown) => question(link);
  return { ...(await importOriginal<object>()), askWithoutRun };
});
vi.mock("../../../src/lab/shared/picture-files.ts", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  pictureSize: async () => ({ rows: 1, columns: 2 }),
}));

function pixelsOf(value: number) {
  return { rows: 1, columns: 2, rgba: new Uint8ClampedArray(8).fill(value) };
}

const result = (change: Partial<DenoisedPicture> = {}): DenoisedPicture => ({
  ...{ rows: 1, columns: 2, png: new Blob(), unchanged: false, seconds: 1, estimate: 0.1 },
  ...{ network: autoencoder([8, 8], [4]), model: "photo", progress: undefined, ...change },
});

const fileOf = (name: string) => new File([], name);
const states = () => denoiseState.pictures.value.map(({ file, work }) => `${file.name} ${work.kind}`);
const idOf = (name: string) => denoiseState.pictures.value.find(({ file }) => file.name === name)?.id ?? 0;

/** Waits until everything that can happen has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve));
const latest = (): Asked => {
  const found = asked.at(-1);
  if (!found) throw new Error("The Worker was not asked.");
  return found;
};

beforeEach(async () => {
  removePictures(denoiseState.pictures.value.map(({ id }) => id));
  await settled();
  asked.length = 0;
  worker.cancelled = 0;
  worker.stopped = 0;
  denoiseState.network.value = "suitable";
});

describe("the queue of pictures", () => {
  test("denoises one after the other, and goes on after one that fails", async () => {
    addPictures(["a", "b", "c"].map(fileOf));
    await settled();
    expect(states()).toEqual(["a working", "b waiting", "c waiting"]);
    expect(asked.map(({ request }) => request)).toMatchObject([
      { network: { kind: "suitable" }, noise: 0, strength: 1 },
    ]);
    latest().answer(result());
    await settled();
    expect(states()).toEqual(["a done", "b working", "c waiting"]);
    latest().fail(Object.assign(new Error("b is broken."), { name: "InputError" }));
    await settled();
    expect(states()).toEqual(["a done", "b failed", "c working"]);
    expect(denoiseState.pictures.value[1]?.work).toEqual({ kind: "failed", fault: "b is broken." });
    latest().answer(result());
    await settled();
    expect(states()).toEqual(["a done", "b failed", "c done"]);
    expect(denoiseState.working.value).toBeUndefined();
    expect(asked).toHaveLength(3);
  });

  test("cancels the one that is denoised, and those that wait", async () => {
    addPictures(["a", "b", "c"].map(fileOf));
    await settled();
    cancelPictures([idOf("a"), idOf("c")]);
    await settled();
    expect(worker.cancelled).toBe(1);
    expect(states()).toEqual(["a cancelled", "b working", "c cancelled"]);
    latest().answer(result());
    await settled();
    expect(asked).toHaveLength(2);
    enqueue([idOf("a")]);
    await settled();
    expect(states()).toEqual(["a working", "b done", "c cancelled"]);
  });

  test("drops a result that arrives at the moment of the cancellation", async () => {
    addPictures([fileOf("a")]);
    await settled();
    const first = latest();
    first.answer(result());
    cancelPictures([idOf("a")]);
    await settled();
    expect(states()).toEqual(["a cancelled"]);
    expect(shownPicture.value?.result).toBeUndefined();
  });

  test("denoises a new picture, which is shown, before those that wait", async () => {
    addPictures(["a", "b"].map(fileOf));
    await settled();
    addPictures([fileOf("now")]);
    await settled();
    expect(worker.cancelled).toBe(1);
    expect(states()).toEqual(["a waiting", "b waiting", "now working"]);
  });

  test("repeats a picture whose Worker was replaced", async () => {
    addPictures([fileOf("a")]);
    await settled();
    latest().answer(undefined);
    await settled();
    expect(states()).toEqual(["a working"]);
    expect(asked).toHaveLength(2);
  });

  test("keeps pixels of the shown picture only, and draws regions into them", async () => {
    addPictures(["a", "b"].map(fileOf));
    await settled();
    latest().tell({ kind: "read", before: pixelsOf(9) });
    const region = { top: 0, bottom: 1, left: 1, right: 2 };
    latest().tell({ kind: "region", region, rgba: new Uint8ClampedArray(4).fill(5) });
    expect(shownPixels.value?.before.rgba).toEqual(pixelsOf(9).rgba);
    expect([...(shownPixels.value?.after.rgba ?? [])]).toEqual([9, 9, 9, 9, 5, 5, 5, 5]);
    const first = latest();
    first.answer(result());
    await settled();
    latest().tell({ kind: "read", before: pixelsOf(7) });
    expect(denoiseState.live.value?.before.rgba).toEqual(pixelsOf(7).rgba);
    // An event that is late changes nothing.
    first.tell({ kind: "read", before: pixelsOf(3) });
    expect(denoiseState.live.value?.before.rgba).toEqual(pixelsOf(7).rgba);
    latest().answer(result());
    await settled();
    expect(Object.keys(denoiseState.pictures.value[0] ?? {}).sort()).toEqual(
      ["choices", "file", "id", "result", "work"].sort(),
    );
  });

  test("shows a picture without noise as it was", async () => {
    addPictures([fileOf("a")]);
    await settled();
    latest().tell({ kind: "read", before: pixelsOf(9) });
    const region = { top: 0, bottom: 1, left: 0, right: 2 };
    latest().tell({ kind: "region", region, rgba: new Uint8ClampedArray(8).fill(5) });
    latest().answer(result());
    await settled();
    enqueue([idOf("a")]);
    await settled();
    latest().tell({ kind: "read", before: pixelsOf(9) });
    expect([...(shownPixels.value?.after.rgba ?? [])]).toEqual(Array(8).fill(5));
    latest().answer(result({ unchanged: true }));
    await settled();
    expect([...(shownPixels.value?.after.rgba ?? [])]).toEqual(Array(8).fill(9));
  });
});

describe("a picture from which a network learns", () => {
  /** Has a network learn from two pictures. */
  async function learnFromTwo(): Promise<void> {
    denoiseState.network.value = "self";
    addPictures(["a", "b"].map(fileOf));
    await settled();
  }

  test("is learned from and then denoised, and each picture by itself", async () => {
    await learnFromTwo();
    expect(latest().request).toMatchObject({ network: { kind: "self" } });
    expect(denoiseState.working.value).toMatchObject({ stage: "learning", share: 0 });
    latest().tell({ kind: "share", stage: "learning", share: 0.5 });
    expect(denoiseState.working.value).toMatchObject({ stage: "learning", share: 0.5 });
    latest().tell({ kind: "share", stage: "denoising", share: 0 });
    expect(denoiseState.working.value).toMatchObject({ stage: "denoising", share: 0 });
    latest().answer(result({ model: { steps: 400 } }));
    await settled();
    expect(states()).toEqual(["a done", "b working"]);
    expect(latest().request).toMatchObject({ network: { kind: "self" } });
    expect(denoiseState.working.value).toMatchObject({ stage: "learning", share: 0 });
  });

  test("is finished early without being cancelled", async () => {
    await learnFromTwo();
    stopLearning();
    await settled();
    expect([worker.stopped, worker.cancelled]).toEqual([1, 0]);
    expect(states()).toEqual(["a working", "b waiting"]);
  });

  test("is cancelled by the user, but not by a new picture", async () => {
    await learnFromTwo();
    addPictures([fileOf("now")]);
    await settled();
    expect(worker.cancelled).toBe(0);
    expect(states()).toEqual(["a working", "b waiting", "now waiting"]);
    cancelPictures([idOf("a")]);
    await settled();
    expect(worker.cancelled).toBe(1);
    expect(states()).toEqual(["a cancelled", "b waiting", "now working"]);
  });

  test("is not learned from again for another strength, which it does not use", async () => {
    await learnFromTwo();
    for (let count = 0; count < 2; count++) {
      latest().answer(result({ model: { steps: 400 } }));
      await settled();
    }
    setChoices(idOf("b"), { strength: 2 });
    applyToAll();
    await settled();
    expect(states()).toEqual(["a done", "b done"]);
    expect(asked).toHaveLength(2);
  });
});

describe("the choices of a picture", () => {
  test("denoise it again, except for the blend", async () => {
    addPictures([fileOf("a")]);
    await settled();
    latest().answer(result());
    await settled();
    choose({ blend: 0.4 });
    await settled();
    expect(asked).toHaveLength(1);
    expect(shownPicture.value?.choices.blend).toBe(0.4);
    choose({ network: "digits" });
    await settled();
    expect(latest().request).toMatchObject({ network: { kind: "shipped", name: "digits" } });
    latest().answer(result());
    await settled();
    // The next pictures have the same network, but the usual strength and blend.
    addPictures([fileOf("b")]);
    await settled();
    expect(shownPicture.value?.choices).toEqual({ network: "digits", strength: 1, noise: 0, blend: 1 });
  });

  test("of one become those of all, and only those that change are denoised again", async () => {
    addPictures(["a", "b", "c"].map(fileOf));
    for (let count = 0; count < 3; count++) {
      await settled();
      latest().answer(result());
    }
    await settled();
    choose({ network: "photo" });
    await settled();
    latest().answer(result());
    await settled();
    applyToAll();
    await settled();
    expect(states()).toEqual(["a done", "b working", "c waiting"]);
    expect(new Set(denoiseState.pictures.value.map(({ choices }) => choices.network))).toEqual(
      new Set(["photo"]),
    );
  });

  test("a removed picture is followed by its successor", async () => {
    addPictures(["a", "b"].map(fileOf));
    for (let count = 0; count < 2; count++) {
      await settled();
      latest().answer(result());
    }
    await settled();
    await remove(idOf("a"));
    expect(shownPicture.value?.file.name).toBe("b");
    await remove(idOf("b"));
    expect(shownPicture.value).toBeUndefined();
    expect(denoiseState.pictures.value).toEqual([]);
  });
});
