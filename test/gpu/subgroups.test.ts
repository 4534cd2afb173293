import { expect, test } from "vitest";
import { compilesSubgroups } from "../../src/gpu/pipeline.ts";

/** A device with these features, whose compiler answers with this error. */
function deviceWith(features: readonly string[], error: { message: string } | null) {
  const compiled: string[] = [];
  const device = {
    features: new Set(features),
    pushErrorScope: () => {},
    createShaderModule: ({ code }: { code: string }) => compiled.push(code),
    popErrorScope: async () => error,
  };
  return { device: device as unknown as GPUDevice, compiled };
}

test("subgroups are used where the adapter has them and the compiler of WGSL knows them", async () => {
  const { device, compiled } = deviceWith(["subgroups"], null);
  expect(await compilesSubgroups(device)).toBe(true);
  expect(compiled).toHaveLength(1);
});

test("a compiler that refuses the extension does without", async () => {
  const { device } = deviceWith(["subgroups"], { message: "the `subgroups` extension is not supported" });
  expect(await compilesSubgroups(device)).toBe(false);
});

test("without the feature nothing is compiled", async () => {
  const { device, compiled } = deviceWith([], null);
  expect(await compilesSubgroups(device)).toBe(false);
  expect(compiled).toEqual([]);
});
