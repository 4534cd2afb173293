import { readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { parseModel } from "../../../src/formats/model-file.ts";
import { goldenFile, readModel } from "../fixtures.ts";
import { unsnow, useFolder } from "../program.ts";

export function exporting() {
  const folder = useFolder();
  const model = goldenFile("notebook", "init.safetensors");

  test("writes the same model again, or one of half the size", async () => {
    const whole = folder("new/whole.safetensors");
    const half = folder("half.safetensors");
    expect(await unsnow(["export", "--model", model, "--out", whole])).toMatchObject({ code: 0, stderr: "" });
    expect(readModel(whole)).toEqual(readModel(model));

    const { code, stdout } = await unsnow(["export", "--model", model, "--dtype", "F16", "--out", half]);
    expect(code).toBe(0);
    expect(stdout).toBe(`${half}: ${statSync(half).size} bytes, F16\n`);
    expect(statSync(half).size).toBeLessThan(0.6 * statSync(whole).size);
    const [kept, exact] = [readModel(half), readModel(model)];
    expect(kept.network).toEqual(exact.network);
    kept.layers.forEach(({ weight }, layer) => {
      // Half precision keeps 11 bits; what is below 2^-14 is kept to 2^-25.
      weight.forEach((value, index) => {
        const wanted = exact.layers[layer]?.weight[index] ?? Number.NaN;
        expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 2 ** -11 + 2 ** -25);
      });
    });
  });

  test("the shipped digits network scores what the results say of it", async () => {
    const json = folder("digits.json");
    const { code } = await unsnow([
      ...["evaluate", "--model", "digits", "--data", "mnist", "--filters", "none", "--json", json],
    ]);
    expect(code).toBe(0);
    const { results } = JSON.parse(readFileSync(json, "utf8")) as {
      results: { name: string; psnr: number }[];
    };
    // PyTorch reached 19.6 dB with this network; 19.60 is in docs/results.md.
    expect(results.find(({ name }) => name === "network")?.psnr).toBeCloseTo(19.6, 2);
  });

  test("the shipped photo network is one for windows of grey photographs", async () => {
    const out = folder("photo.safetensors");
    expect(await unsnow(["export", "--model", "photo", "--out", out])).toMatchObject({ code: 0 });
    const { network } = parseModel(readFileSync(out), out);
    expect(network).toMatchObject({ image: [9, 9], channels: 1, output: "residual" });
  });

  test("a model that is not there is refused by the name it was given", async () => {
    const outcome = await unsnow(["export", "--model", "./digits", "--out", folder("none.safetensors")]);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toBe("unsnow: ./digits cannot be read: there is no such file or folder.\n");
  });
}
