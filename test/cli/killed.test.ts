import { existsSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { buildProgram } from "./build-program.ts";
import { goldenFile, readHistory } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";
import { startUnsnow } from "./real-program.ts";

beforeAll(buildProgram, 300_000);
const folder = useFolder();
const run = [
  ...["train", "--data", goldenFile("odd", "train-clean.idx.gz"), "--log-steps", "--backend", "cpu"],
  ...["--batch", "4", "--hidden", "4"],
];

test("while a run trains no other uses its folder; after it is killed, it continues to the same bits", async () => {
  const [saves, out] = [folder("saves"), folder("out")];
  let other: ReturnType<typeof unsnow> | undefined;
  const killed = await startUnsnow([...run, "--epochs", "1000000", "--checkpoint", saves, "--out", out], {
    onStderr: (text, end) => {
      if (other || !text.includes("epoch 3/")) return;
      other = unsnow(["train", "--resume", saves]);
      void other.then(() => end("SIGKILL"));
    },
  });
  expect(killed.code).toBe(null);
  const refused = await other;
  expect(refused?.stderr).toMatch(
    /^unsnow: .*saves is in use by another training run, process \d+ on .*: stop that process, or delete .*checkpoint\.lock if it has ended\.\n$/,
  );
  expect(refused?.code).toBe(1);
  expect(existsSync(`${saves}/checkpoint.lock`)).toBe(true);

  let until = 0;
  const { code, stderr } = await unsnow(["train", "--resume", saves], {
    onStderr: (text, interrupt) => {
      const [, epoch] = text.match(/^epoch (\d+)\//m) ?? [];
      if (until > 0 || epoch === undefined) return;
      until = Number(epoch);
      interrupt();
    },
  });
  expect(code).toBe(130);
  const [, resumed] =
    stderr.match(/^Resuming after epoch (\d+) from .*checkpoint-[ab]\.safetensors\.$/m) ?? [];
  // The line of an epoch is printed before its checkpoint is written, so it is not known whether the last one was written.
  const told = [...killed.stderr.matchAll(/^epoch (\d+)\//gm)].map(([, epoch]) => Number(epoch));
  expect(Number(resumed)).toBeGreaterThanOrEqual((told.at(-1) ?? 0) - 1);
  expect(existsSync(`${saves}/checkpoint.lock`)).toBe(false);

  const got = readHistory(`${out}/history.json`);
  expect(got.epochs.length).toBeGreaterThan(Number(resumed));
  const whole = folder("whole");
  const epochs = ["--epochs", `${got.epochs.length}`];
  const { code: done, stderr: why } = await unsnow([...run, ...epochs, "--quiet", "--out", whole]);
  expect({ done, why }).toEqual({ done: 0, why: "" });
  const want = readHistory(`${whole}/history.json`);
  const withoutSeconds = (records: typeof got.epochs) => records.map(({ seconds: _, ...record }) => record);
  expect(withoutSeconds(got.epochs)).toEqual(withoutSeconds(want.epochs));
  expect(got.stepLoss).toEqual(want.stepLoss);
  expect(readFileSync(`${out}/model.safetensors`)).toEqual(readFileSync(`${whole}/model.safetensors`));
});
