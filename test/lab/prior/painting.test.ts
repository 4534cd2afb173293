import { beforeEach, describe, expect, test } from "vitest";
import { deepImagePrior, type PriorLook } from "../../../src/alone/deep-image-prior.ts";
import type { Picture } from "../../../src/data/picture.ts";
import {
  bestPoint,
  endWords,
  forgetPainting,
  isPainting,
  makeScene,
  priorState,
  psnrToClean,
  sceneSigma,
  takePriorEvent,
} from "../../../src/lab/prior/painting.ts";
import type { PriorEnd, PriorEvent } from "../../../src/lab/prior/protocol.ts";
import { PriorWork } from "../../../src/lab/worker/paint-prior.ts";
import { noisy, quality, scene } from "../../alone/scene.ts";
import { openCpuEngine } from "../worker/cpu-engine.ts";

const engine = await openCpuEngine();
const picture = noisy(scene(32, 32, 3), 0.1);

const work = () => new PriorWork({ engine: async () => engine, withRun: (held) => held() });

beforeEach(forgetPainting);

describe("a painting of Deep Image Prior", () => {
  test("arrives in the page with every look, the last picture and the clearest one", async () => {
    const looks: PriorLook[] = [];
    for await (const look of deepImagePrior(engine, picture, { steps: 60 })) looks.push(look);
    const clearest = looks.findLast(({ isBest }) => isBest);

    const end = await work().paint({ picture, steps: 60, toTheEnd: false }, takePriorEvent);
    expect(end).toBe("lastStep");
    expect(priorState.points.value).toEqual(looks.map(({ step, heldOut }) => ({ step, heldOut })));
    expect(priorState.painted.value).toEqual({ step: 60, picture: looks.at(-1)?.picture });
    expect(priorState.clearest.value).toEqual({ step: clearest?.step, picture: clearest?.picture });
    expect(bestPoint.value).toEqual({ step: clearest?.step, heldOut: clearest?.heldOut });
  });

  test("stops, also before its first step, and is stopped by another one", async () => {
    const painter = work();
    const early = painter.paint({ picture, steps: 2000, toTheEnd: true }, () => {});
    painter.stop();
    expect(await early).toBe("stopped");

    const seen: PriorEvent[] = [];
    let second: Promise<PriorEnd> | undefined;
    const first = painter.paint({ picture, steps: 2000, toTheEnd: true }, (event) => {
      seen.push(event);
      second ??= painter.paint({ picture, steps: 10, toTheEnd: true }, () => {});
    });
    expect(await first).toBe("stopped");
    expect(seen.flatMap(({ points }) => points).length).toBeLessThan(200);
    expect(await second).toBe("lastStep");
  });

  test("gives the run its turns, and leaves no turn taken when it fails", async () => {
    let [turns, held] = [0, 0];
    const painter = new PriorWork({
      engine: async () => engine,
      withRun: async (take) => {
        turns += 1;
        held += 1;
        await take();
        held -= 1;
      },
    });
    const oblong: Picture = { ...picture, rows: 16 };
    await expect(painter.paint({ picture: oblong, steps: 10, toTheEnd: false }, () => {})).rejects.toThrow(
      "The picture must be square",
    );
    expect([turns, held]).toEqual([1, 0]);
    await painter.paint({ picture, steps: 10, toTheEnd: false }, () => {});
    expect(turns).toBeGreaterThan(1);
    expect(held).toBe(0);
  });
});

describe("the words of a painting's end", () => {
  const errors = [0.05, 0.02, 0.011, 0.013, 0.012, 0.011];
  const take = () =>
    takePriorEvent({
      points: errors.map((heldOut, at) => ({ step: 10 * (at + 1), heldOut })),
      painted: picture,
      clearest: picture,
    });

  test.each([
    ["noBetter", "The error of the held-out pixels has not fallen for 30 steps."],
    ["lastStep", "All 60 steps are done."],
    ["stopped", "Stopped after 60 steps."],
    ["painting", undefined],
    ["idle", undefined],
  ] as const)("%s: %s", (phase, words) => {
    take();
    priorState.phase.value = phase;
    expect(endWords.value).toBe(words);
    expect(isPainting.value).toBe(phase === "painting");
    // The first of two equal errors is the best one, as in the search itself.
    expect(bestPoint.value).toEqual({ step: 30, heldOut: 0.011 });
  });
});

test("the scene has the noise that the page says, and its PSNR to the clean picture is shown", () => {
  const made = makeScene();
  const expected = 20 * Math.log10(255 / sceneSigma);
  expect(Math.abs(quality(made.noisy, made.clean) - expected)).toBeLessThan(0.3);
  expect(psnrToClean(made.noisy)).toBeCloseTo(quality(made.noisy, made.clean), 6);
  priorState.source.value = { name: "own.png", noisy: made.noisy, clean: undefined };
  expect(psnrToClean(made.noisy)).toBeUndefined();
});
