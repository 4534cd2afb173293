import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { resumedRun, savedSettings } from "../../src/cli/resumed-run.ts";
import type { TrainOptions } from "../../src/cli/train-options.ts";
import { parseCheckpoint } from "../../src/formats/checkpoint.ts";
import type { Family } from "../../src/kernels/family.ts";
import { defaultTraining } from "../../src/spec/settings.ts";

/** All paths here are absolute. */
const here = { folder: "/" };

describe("a run that was saved before a setting existed", () => {
  const name = "version-1.unsnow-state";
  const file = readFileSync(new URL(`../fixtures/checkpoints/${name}`, import.meta.url));
  const parsed = parseCheckpoint(new Uint8Array(file), name);
  const saved = {
    ...parsed,
    settings: savedSettings(parsed.settings, { folder: "/", out: "out", every: 1, backend: "cpu" }),
  };
  const { noise: _, patches: __, optimizer, ...spec } = defaultTraining;
  const options: TrainOptions = {
    ...spec,
    optimizer: optimizer.name,
    flips: true,
    data: "mnist",
  };

  test("continues with the setting's default, which may be given", () => {
    expect(saved.settings).not.toHaveProperty("shift");
    expect(resumedRun(here, saved, "saves", { ...options, shift: 0 }, ["shift"]).spec.shift).toBe(0);
  });

  test("computes on the backend that was requested, unless another one is given", () => {
    const run = (given: readonly string[]) =>
      resumedRun(here, saved, "saves", { ...options, backend: "gpu" }, given);
    expect(run([]).options.backend).toBe("cpu");
    expect(run(["backend"]).options.backend).toBe("gpu");
  });

  test("keeps its kernels, but accepts any if it was saved on the CPU", () => {
    const run = (family: Family | undefined, kernels?: Family) => {
      const given = kernels === undefined ? [] : ["kernels"];
      return resumedRun(
        here,
        { ...saved, family },
        "saves",
        { ...options, ...(kernels && { kernels }) },
        given,
      );
    };
    expect(run("tile16").options.kernels).toBe("tile16");
    expect(() => run("tile16", "tile8")).toThrow("--kernels tile8 contradicts the run in saves");
    expect(run(undefined).options).not.toHaveProperty("kernels");
    expect(run(undefined, "workgroup").options.kernels).toBe("workgroup");
  });

  test("that names an unknown backend is refused", () => {
    const settings = { ...saved.settings, program: { folder: "/", out: "out", every: 1, backend: "tpu" } };
    expect(() => resumedRun(here, { ...saved, settings }, "saves", options, [])).toThrow(
      '"tpu" is not one of auto, gpu, cpu.',
    );
  });

  test("refuses another value", () => {
    expect(() => resumedRun(here, saved, "saves", { ...options, shift: 2 }, ["shift"])).toThrow(
      "--shift 2 contradicts the run in saves, whose shift is 0: leave it out.",
    );
  });
});
