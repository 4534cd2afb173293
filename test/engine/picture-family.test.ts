import { afterEach, expect, test, vi } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { pictureFamily } from "../../src/engine/picture-family.ts";
import type { Family } from "../../src/kernels/family.ts";
import { autoencoder } from "../../src/spec/network.ts";

const model = { network: autoencoder([8, 8], [4]), layers: [] };
const picture = { rows: 8, columns: 8, channels: 1, read: () => new Float32Array(64) };

afterEach(() => {
  vi.restoreAllMocks();
});

/** An engine whose clock advances by these milliseconds a picture; it compiles a family first, for 1000 milliseconds. */
function engineWith(
  costs: Partial<Record<Family, number>>,
  given: { backend?: "gpu" | "cpu"; software?: boolean; subgroups?: boolean; family?: Family } = {},
) {
  const { backend = "gpu", software = true, subgroups = false, family: forced } = given;
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const compiled = new Set<Family | undefined>();
  const log = { denoised: [] as (Family | undefined)[], open: 0 };
  const createPictureDenoiser = async (_: unknown, { family }: { family?: Family }) => {
    log.open += 1;
    return {
      async denoise() {
        now += (compiled.has(family) ? 0 : 1000) + ((family && costs[family]) ?? 0);
        compiled.add(family);
        log.denoised.push(family);
      },
      destroy() {
        log.open -= 1;
      },
    };
  };
  const engine = {
    ...{ backend, adapter: { software }, device: { subgroups } },
    ...{ options: { family: forced }, createPictureDenoiser },
  };
  return { engine: engine as unknown as Engine, log };
}

const never = () => false;

test.each([
  [{ tile8: 30, tile16: 40 }, "tile8"],
  [{ tile8: 50, tile16: 40 }, undefined],
] as const)(
  "on a software GPU the faster family is chosen, not counting its compilation: %o",
  async (costs, chosen) => {
    const { engine, log } = engineWith(costs);
    expect(await pictureFamily(engine, model, picture, never)).toBe(chosen);
    expect(log).toEqual({ denoised: ["tile16", "tile16", "tile8", "tile8"], open: 0 });
  },
);

test("the trial ends after the usual family if a picture is waiting", async () => {
  const { engine, log } = engineWith({ tile8: 30, tile16: 40 });
  expect(await pictureFamily(engine, model, picture, () => true)).toBeUndefined();
  expect(log).toEqual({ denoised: ["tile16", "tile16"], open: 0 });
});

test.each([
  ["a GPU", { software: false }],
  ["the CPU", { backend: "cpu", software: false }],
  ["a software GPU with subgroups", { subgroups: true }],
  ["an engine with a forced family", { family: "tile8" }],
] as const)("on %s nothing is tried", async (_, given) => {
  const { engine, log } = engineWith({}, given);
  expect(await pictureFamily(engine, model, picture, never)).toBeUndefined();
  expect(log).toEqual({ denoised: [undefined], open: 0 });
});
