import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { beforeAll, expect, test } from "vitest";
import { parseModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors, parseSafetensors } from "../../src/formats/safetensors.ts";
import { buildProgram } from "./build-program.ts";
import { goldenFile, makeProgramOfFewDigits, readModel } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
// The shipped models are beside the built program.
beforeAll(buildProgram, 300_000);
const model = goldenFile("notebook", "init.safetensors");

test("writes the same model, or one of half the size", async () => {
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
    // Half precision keeps 11 bits; the error of numbers below 2^-14 is at most 2^-25.
    weight.forEach((value, index) => {
      const wanted = exact.layers[layer]?.weight[index] ?? Number.NaN;
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 2 ** -11 + 2 ** -25);
    });
  });
});

test("the shipped digits network denoises digits", async () => {
  const json = folder("digits.json");
  const data = ["--data", goldenFile("notebook", "train-clean.idx.gz")];
  const evaluated = ["--val-data", goldenFile("notebook", "val-clean.idx.gz")];
  const { code, stderr } = await unsnow([
    ...["evaluate", "--model", "digits", ...data, ...evaluated, "--filters", "none", "--json", json],
  ]);
  expect(code, stderr).toBe(0);
  const { results } = JSON.parse(readFileSync(json, "utf8")) as {
    results: { name: string; psnr: number }[];
  };
  // digits.long.test.ts has the exact figure for all held-out digits.
  expect(results.find(({ name }) => name === "network")?.psnr).toBeGreaterThan(19);
});

test.each([
  ["photo", 1],
  ["photo-colour", 3],
])("the shipped network %s takes the strength of the noise, and has %i channels", async (name, channels) => {
  const out = folder(`${name}.safetensors`);
  expect(await unsnow(["export", "--model", name, "--out", out])).toMatchObject({ code: 0 });
  const { network } = parseModel(readFileSync(out), out);
  expect(network).toMatchObject({ channels, output: "residual", noiseMap: true });
});

test("writes ONNX files with which onnxruntime gives the results of their sample", async () => {
  const name = folder("onnx/small.onnx");
  const { code, stdout } = await unsnow(["export", "--model", model, "--format", "onnx", "--out", name]);
  expect(code).toBe(0);
  const files = ["small.onnx", "small.encoder.onnx", "small.decoder.onnx", "small.sample.safetensors"];
  expect(readdirSync(folder("onnx")).sort()).toEqual([...files].sort());
  expect(stdout.trim().split("\n").length).toBe(files.length);

  const { tensors } = parseSafetensors(readFileSync(folder("onnx/small.sample.safetensors")), "sample");
  const { values = new Float32Array(), shape = [] } = tensors.get("noisy") ?? {};
  const session = await InferenceSession.create(readFileSync(name));
  const { denoised } = await session.run({ noisy: new Tensor("float32", values, shape) });
  await session.release();
  const wanted = tensors.get("denoised")?.values ?? new Float32Array();
  const found = (denoised?.data ?? []) as Float32Array;
  expect(found.length).toBe(wanted.length);
  found.forEach((value, index) => {
    expect(Math.abs(value - (wanted[index] ?? Number.NaN))).toBeLessThan(1e-5);
  });
});

test("writes a folder for Keras, and one for torchrun that contains the digits", async () => {
  const keras = folder("keras");
  expect(await unsnow(["export", "--model", model, "--format", "keras", "--out", keras])).toMatchObject({
    code: 0,
  });
  expect(readdirSync(keras).sort()).toEqual(["load_keras.py", "model.safetensors"]);
  expect(readModel(`${keras}/model.safetensors`)).toEqual(readModel(model));

  const program = folder("program");
  await makeProgramOfFewDigits(program);
  const saved = folder("saved");
  const trained = await unsnow(
    [
      ...["train", "--data", "mnist", "--hidden", "4", "--epochs", "1", "--batch", "20", "--quiet"],
      ...["--checkpoint", saved, "--out", folder("trained")],
    ],
    { program },
  );
  expect(trained.code).toBe(0);
  const out = folder("torch");
  expect(
    await unsnow(["export", "--checkpoint", saved, "--format", "torchrun", "--out", out], { program }),
  ).toMatchObject({ code: 0, stderr: "" });
  const settings = JSON.parse(readFileSync(`${out}/settings.json`, "utf8")) as Record<string, unknown>;
  expect(settings).toMatchObject({
    data: "mnist.idx.gz",
    hidden: [4],
    epochs: 1,
    batch: 20,
    image: [28, 28],
  });
  expect(readFileSync(`${out}/mnist.idx.gz`)).toEqual(readFileSync(`${program}/digits/images.idx.gz`));
  expect(readFileSync(`${out}/history.csv`, "utf8")).toBe(
    readFileSync(folder("trained/history.csv"), "utf8"),
  );
  expect(readModel(`${out}/model.safetensors`)).toEqual(readModel(folder("trained/model.safetensors")));
  const { metadata } = parseSafetensors(readFileSync(`${out}/state.safetensors`), "state");
  expect(Object.fromEntries(metadata)).toEqual({ epoch: "1", step: "0", updates: "6", lossSum: "0" });
});

test("reads weights that PyTorch saved, and reports its assumptions", async () => {
  const { tensors } = parseSafetensors(readFileSync(goldenFile("tiny", "final.safetensors")), "tiny");
  const renamed = [...tensors].map(
    ([key, tensor]) => [key.replace("layers.1", "2").replace("layers.", ""), tensor] as const,
  );
  const theirs = folder("theirs.safetensors");
  writeFileSync(theirs, encodeSafetensors(new Map(renamed)));
  const said = `${theirs} does not describe its network: it is read as 9-9-9 on grey images of 3 x 3 pixels, with ReLU activations and the output sigmoid (change this with --image, --hidden and --output).`;
  const ours = folder("ours.safetensors");
  const exported = await unsnow(["export", "--model", theirs, "--out", ours]);
  expect(exported).toMatchObject({ code: 0, stderr: `${said}\n` });
  expect(readModel(ours)).toEqual(readModel(goldenFile("tiny", "final.safetensors")));

  const data = goldenFile("tiny", "val-noisy.idx.gz");
  const denoised = async (name: string, out: string) => {
    const outcome = await unsnow(["denoise", "--model", name, "--data", data, "--out", out]);
    expect(outcome.code).toBe(0);
    return { ...outcome, bytes: readFileSync(`${out}/denoised.idx`) };
  };
  const [a, b] = [await denoised(theirs, folder("a")), await denoised(ours, folder("b"))];
  expect(a.bytes.equals(b.bytes)).toBe(true);
  expect(a.stderr).toContain(said);
  expect(b.stderr).not.toContain("does not say");

  const wrong = await unsnow(["export", "--model", theirs, "--image", "3x2", "--out", folder("c")]);
  expect(wrong).toMatchObject({ code: 1, stdout: "" });
  expect(wrong.stderr).toBe(`unsnow: ${theirs} takes 9 values, but images of 3 x 2 x 1 have 6.\n`);
  const other = await unsnow(["export", "--model", ours, "--output", "linear", "--out", folder("c")]);
  expect(other.stderr).toBe(`unsnow: ${ours} says that its output is sigmoid, so it cannot be linear.\n`);
});

test("a missing model is refused with the name that was given", async () => {
  const outcome = await unsnow(["export", "--model", "./digits", "--out", folder("none.safetensors")]);
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toBe("unsnow: ./digits cannot be read: there is no such file or folder.\n");
});
