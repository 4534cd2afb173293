import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { estimatedStrength } from "../../../src/filters/estimated-strength.ts";
import { parseModel } from "../../../src/formats/model-file.ts";
import { usualFamily } from "../../../src/kernels/family.ts";
import type { PictureEvent, PictureRequest } from "../../../src/lab/denoise/protocol.ts";
import { PictureWork, suitable } from "../../../src/lab/worker/denoise-pictures.ts";
import type { BlendedModel } from "../../../src/lab/worker/models.ts";
import { preparationSide, RgbaPicture } from "../../../src/lab/worker/rgba-picture.ts";
import { initialWeights } from "../../../src/network/initial-weights.ts";
import type { Blend } from "../../../src/network/picture-denoiser.ts";
import { onImages } from "../../../src/network/tiles.ts";
import { autoencoder, type Model } from "../../../src/spec/network.ts";
import { MadeNumbers } from "../../kernels/made-numbers.ts";
import { openCpuEngine } from "./cpu-engine.ts";

const [rows, columns] = [44, 36];
const engine = await openCpuEngine();

/** A network with a noise map; with other seeds it has other weights. */
function modelOf(seed: number): Model {
  const network = autoencoder([8, 8], "conv:5,conv:4", { output: "residual", block: 2, noiseMap: true });
  return { network, layers: initialWeights(network, seed, "torch") };
}

const photo = modelOf(1);
const plain: Model = (() => {
  const network = autoencoder([8, 8], [5], { output: "residual" });
  return { network, layers: initialWeights(network, 2, "torch") };
})();

/** A grey picture of random bytes, as the browser would decode it; or one without noise. */
function rgbaOf(noise: boolean): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new MadeNumbers("picture").bytes(rows * columns);
  return Uint8ClampedArray.from({ length: 4 * rows * columns }, (_, at) =>
    at % 4 === 3 ? 255 : noise ? (bytes[at >> 2] ?? 0) : 100,
  );
}

/** What a browser would decode, and the pixels that it encoded last. */
const browser = { rgba: rgbaOf(true), encoded: new Uint8ClampedArray() };

class FakeCanvas {
  getContext() {
    return {
      drawImage() {},
      getImageData: () => ({ data: browser.rgba }),
      putImageData: ({ data }: { data: Uint8ClampedArray<ArrayBuffer> }) => {
        browser.encoded = data.slice();
      },
    };
  }
  async convertToBlob(): Promise<Blob> {
    return new Blob(["PNG"], { type: "image/png" });
  }
}

beforeEach(() => {
  browser.rgba = rgbaOf(true);
  vi.stubGlobal("createImageBitmap", async () => ({ width: columns, height: rows, close() {} }));
  vi.stubGlobal("OffscreenCanvas", FakeCanvas);
  vi.stubGlobal(
    "ImageData",
    class {
      readonly data: Uint8ClampedArray;
      constructor(data: Uint8ClampedArray) {
        this.data = data;
      }
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function workWith(models: { photo: BlendedModel }): PictureWork {
  return new PictureWork({
    engine: async () => engine,
    readModel: async () => models.photo,
    withRun: (work) => work(undefined),
  });
}

const request: PictureRequest = {
  file: new File([], "a.png"),
  network: { kind: "suitable" },
  noise: 0,
  strength: 1,
};

/** The result of a model on the picture by the denoiser itself, in bytes. */
async function expected(
  model: Model,
  strength: number | undefined,
  blend?: Blend,
): Promise<Uint8ClampedArray> {
  const picture = new RgbaPicture({ rows, columns, rgba: browser.rgba });
  const whole = { top: 0, bottom: rows, left: 0, right: columns };
  const denoiser = await engine.createPictureDenoiser(model);
  const values = picture.read(whole);
  picture.write(
    whole,
    (await denoiser.denoisePicture({ rows, columns, channels: 1, values }, { strength, blend })).values,
  );
  denoiser.destroy();
  return picture.after.rgba;
}

test.each(["photo", "photo-colour"])(
  "what is denoised before there is a picture needs the same kernels of %s as a photograph",
  (name) => {
    const file = new URL(`../../../public/models/${name}.safetensors`, import.meta.url);
    const { network } = parseModel(readFileSync(file), name);
    for (const [software, subgroups] of [
      [true, false],
      [true, true],
      [false, true],
    ] as const) {
      const familyFor = (image: readonly [number, number]) =>
        usualFamily({ adapter: { ...engine.adapter, software }, subgroups }, onImages(network, image), 1);
      const prepared = familyFor([preparationSide, preparationSide]);
      for (const image of [
        [256, 256],
        [400, 400],
        [384, 384],
      ] as const)
        expect(familyFor(image), image.join(" x ")).toBe(prepared);
    }
  },
);

test("before there is a picture, the network denoises one of the strength that is estimated", async () => {
  const given: (number | undefined)[] = [];
  const createPictureDenoiser: typeof engine.createPictureDenoiser = async (...wishes) => {
    const made = await engine.createPictureDenoiser(...wishes);
    const denoise: typeof made.denoise = (source, sink, task) => {
      given.push(task?.strength);
      return made.denoise(source, sink, task);
    };
    return { ...made, denoise };
  };
  const { backend, adapter, options } = engine;
  const watched = { backend, adapter, options, createPictureDenoiser } as unknown as typeof engine;
  const work = new PictureWork({
    engine: async () => watched,
    readModel: async () => photo,
    withRun: (run) => run(undefined),
  });
  await work.prepare();
  expect(given).toHaveLength(1);
  expect(given[0]).toBeGreaterThan(0.05);
  expect(given[0]).toBeLessThan(0.2);
});

describe("the work on a picture", () => {
  test("sends the picture and the denoised regions, and returns what was used", async () => {
    const events: PictureEvent[] = [];
    const found = await workWith({ photo }).denoise(request, (event) => void events.push(event));
    const picture = new RgbaPicture({ rows, columns, rgba: rgbaOf(true) });
    const estimate = await estimatedStrength(picture.lines);
    expect(found).toMatchObject({ estimate, unchanged: false, rows, columns, model: "photo" });
    expect(found?.progress).toBeUndefined();
    expect(browser.encoded).toEqual(await expected(photo, estimate));
    expect(events[0]).toMatchObject({ kind: "read", before: { rows, columns } });
    const [region] = events.filter(({ kind }) => kind === "region");
    expect(region?.kind === "region" && region.rgba).toEqual(browser.encoded);
  });

  test("tells the network a multiple of the estimated strength", async () => {
    const work = workWith({ photo });
    const found = await work.denoise({ ...request, strength: 0.5 }, () => {});
    expect(found?.estimate).toBeGreaterThan(0.1);
    expect(browser.encoded).toEqual(await expected(photo, 0.5 * (found?.estimate ?? Number.NaN)));
  });

  test("leaves a picture without noise as it is, and says so", async () => {
    browser.rgba = rgbaOf(false);
    const events: PictureEvent[] = [];
    const found = await workWith({ photo }).denoise(request, (event) => void events.push(event));
    expect(found).toMatchObject({ estimate: 0, unchanged: true });
    expect(browser.encoded).toEqual(rgbaOf(false));
    expect(events.map(({ kind }) => kind)).toEqual(["read"]);
  });

  test("mixes the picture into the result of a network that learned from blind spots", async () => {
    const shown = new Uint8ClampedArray(4 * rows * columns);
    await workWith({ photo: { ...plain, blend: "auto" } }).denoise(request, (event) => {
      if (event.kind === "region") shown.set(event.rgba, 4 * columns * event.region.top);
    });
    expect(browser.encoded).toEqual(await expected(plain, undefined, "auto"));
    expect(browser.encoded).not.toEqual(await expected(plain, undefined));
    expect(shown).toEqual(browser.encoded);
  });

  test("has no estimate for a network without a noise map, and denoises nevertheless", async () => {
    const found = await workWith({ photo: plain }).denoise(request, () => {});
    expect(found).toMatchObject({ estimate: undefined, unchanged: false });
    expect(browser.encoded).toEqual(await expected(plain, undefined));
  });

  test("waits until its listener has handled the events", async () => {
    let handled = 0;
    const listener = async () => {
      await new Promise((resolve) => setTimeout(resolve));
      handled += 1;
    };
    let sent = 0;
    await workWith({ photo }).denoise(request, () => {
      sent += 1;
      return listener();
    });
    expect(handled).toBe(sent);
    expect(sent).toBeGreaterThan(1);
  });

  test("is cancelled by the next picture, which is denoised", async () => {
    const work = workWith({ photo });
    const first = work.denoise(request, () => {});
    const second = work.denoise(request, () => {});
    expect(await first).toBeUndefined();
    expect(await second).toMatchObject({ rows, columns });
    const third = work.denoise(request, () => {});
    work.cancel();
    expect(await third).toBeUndefined();
  });

  test("needs a run that is asked for, and a picture that can be decoded", async () => {
    const work = workWith({ photo });
    await expect(work.denoise({ ...request, network: { kind: "run" } }, () => {})).rejects.toThrow(
      "There is no run to denoise with yet.",
    );
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new DOMException("no picture")));
    await expect(work.denoise(request, () => {})).rejects.toThrow(
      /^a\.png cannot be read as a picture: .*\.$/,
    );
  });

  test("prepares the network for photographs without a picture", async () => {
    const read: string[] = [];
    const work = new PictureWork({
      engine: async () => engine,
      readModel: async (source) => {
        read.push(source.kind === "shipped" ? `${source.name}, ${source.colour}` : "");
        return photo;
      },
      withRun: (use) => use(undefined),
    });
    await work.prepare();
    expect(read).toEqual(["photo, true", "photo, false"]);
    expect(await work.denoise(request, () => {})).toMatchObject({ rows, columns });
  });
});

describe("a network that learns from a picture alone", () => {
  const self: PictureRequest = { ...request, network: { kind: "self" } };

  /** A picture of stripes with noise of standard deviation 0.2, grey or in colour. */
  function stripes(channels: 1 | 3): { clean: number[]; rgba: Uint8ClampedArray<ArrayBuffer> } {
    const noise = new MadeNumbers("stripes").floats(4 * rows * columns, -0.2 * 3 ** 0.5, 0.2 * 3 ** 0.5);
    const clean = Array.from({ length: 4 * rows * columns }, (_, at) =>
      at % 4 === 3 ? 255 : 255 * (0.5 + 0.25 * Math.sin(((at >> 2) % columns) / 6)),
    );
    const rgba = Uint8ClampedArray.from(clean, (value, at) => {
      const place = channels === 1 ? at - (at % 4) : at;
      return at % 4 === 3 ? 255 : value + 255 * (noise[place] ?? 0);
    });
    return { clean, rgba };
  }

  const distance = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    Array.from(one).reduce((sum, value, at) => sum + (value - (other[at] ?? Number.NaN)) ** 2, 0);

  test.each([1, 3] as const)("removes noise of %i channels when it is stopped early", async (channels) => {
    const { clean, rgba } = stripes(channels);
    browser.rgba = rgba.slice();
    const events: PictureEvent[] = [];
    let turns = 0;
    const work = new PictureWork({
      engine: async () => engine,
      readModel: async () => photo,
      withRun: (use) => {
        // The run waits, is let through between two parts, and waits again.
        turns += 1;
        if (turns === 4) work.stopLearning();
        return use(undefined);
      },
    });
    const found = await work.denoise(self, (event) => void events.push(event));
    expect(found).toMatchObject({ estimate: undefined, progress: undefined, unchanged: false });
    expect(turns).toBe(4);
    const steps =
      found?.model && typeof found.model === "object" && "steps" in found.model && found.model.steps;
    expect(steps).toBeGreaterThan(0);
    expect(distance(browser.encoded, clean)).toBeLessThan(0.5 * distance(rgba, clean));
    // Its intermediate results are shown, and then its result.
    const stages = events.map((event) => (event.kind === "share" ? event.stage : event.kind));
    const learned = stages.slice(0, stages.indexOf("denoising"));
    expect(learned).toEqual(expect.arrayContaining(["learning", "region"]));
    expect(stages.slice(learned.length)).not.toContain("learning");
    const regions = events.filter((event) => event.kind === "region");
    expect(regions.at(-1)?.rgba).toEqual(browser.encoded);
  });

  test("is cancelled while it learns, and the run is let through", async () => {
    let held = 0;
    const work = new PictureWork({
      engine: async () => engine,
      readModel: async () => photo,
      withRun: async (use) => {
        held += 1;
        const result = await use(undefined);
        held -= 1;
        return result;
      },
    });
    const found = await work.denoise(self, ({ kind }) => {
      if (kind === "share") work.cancel();
    });
    expect(found).toBeUndefined();
    expect(held).toBe(0);
  });

  test("needs a picture of at least 16 x 16 pixels", async () => {
    vi.stubGlobal("createImageBitmap", async () => ({ width: columns, height: 15, close() {} }));
    browser.rgba = rgbaOf(true).slice(0, 4 * 15 * columns);
    await expect(workWith({ photo }).denoise(self, () => {})).rejects.toThrow(
      `a.png has ${columns} x 15 pixels, too few to learn from: at least 16 x 16 are needed.`,
    );
  });
});

test("the network for digits suits only grey pictures of their size", () => {
  const of = (side: number, channels: number) => suitable({ rows: side, columns: side, channels }).name;
  expect([of(28, 1), of(28, 3), of(29, 1), of(400, 1)]).toEqual(["digits", "photo", "photo", "photo"]);
});
