// Kills a run fifty times at random moments; killed.test.ts kills one once.
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { buildProgram } from "./build-program.ts";
import { goldenFile, readHistory } from "./fixtures.ts";
import { useFolder } from "./program.ts";
import { startUnsnow as unsnow } from "./real-program.ts";

beforeAll(buildProgram, 300_000);

const folder = useFolder();
const kills = 50;
/** So many that a run is never done after the last kill, however fast the machine is: it trains for about 40 ms between two kills. */
const epochs = 3000;
const run = [
  ...["train", "--data", goldenFile("odd", "train-clean.idx.gz"), "--log-steps"],
  ...["--batch", "4", "--hidden", "4", "--epochs", `${epochs}`],
];

/** The epochs in the program's lines. */
const toldEpochs = (text: string, told: RegExp) => [...text.matchAll(told)].map(([, epoch]) => Number(epoch));

test("a run that is killed fifty times in a row ends with the same bits, and never loses more than one epoch", {
  timeout: 600_000,
}, async () => {
  const whole = folder("whole");
  expect((await unsnow([...run, "--out", whole])).code).toBe(0);

  const [saves, out] = [folder("saves"), folder("out")];
  const begin = [...run, "--checkpoint", saves, "--out", out];
  const resume = ["train", "--resume", saves];
  let saved = 0;
  for (let kill = 0; kill < kills; kill++) {
    const begun = ["a", "b"].some((slot) => existsSync(`${saves}/checkpoint-${slot}.safetensors`));
    let end = () => {};
    let waiting = false;
    const endIn = (milliseconds: number) => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => end(), milliseconds);
    };
    const { code, stderr } = await unsnow(begun ? resume : begin, {
      onStart: (signal) => {
        end = () => signal("SIGKILL");
        // Some while it starts, most while it trains and saves, every few milliseconds.
        if (kill % 5 >= 3) endIn(1500 * Math.random());
      },
      onStderr: (text) => {
        if (/^epoch /m.test(text)) endIn(60 * Math.random());
      },
    });
    expect({ kill, code, stderr }).toEqual({ kill, code: null, stderr });
    expect(stderr).not.toContain("unsnow:");
    const [resumed = saved] = toldEpochs(stderr, /^Resuming after epoch (\d+)/gm);
    expect(resumed).toBeGreaterThanOrEqual(saved);
    // The line of an epoch is printed before its checkpoint is written, so it is not known whether the last one was written.
    saved = Math.max(resumed, (toldEpochs(stderr, /^epoch (\d+)\//gm).at(-1) ?? 0) - 1);
  }
  const { code, stderr } = await unsnow(resume);
  expect(stderr).toMatch(/^Resuming after epoch \d+ from /m);
  expect(code).toBe(0);

  expect(readFileSync(`${out}/model.safetensors`)).toEqual(readFileSync(`${whole}/model.safetensors`));
  const [got, want] = [readHistory(`${out}/history.json`), readHistory(`${whole}/history.json`)];
  const withoutSeconds = (records: typeof got.epochs) => records.map(({ seconds: _, ...record }) => record);
  expect(withoutSeconds(got.epochs)).toEqual(withoutSeconds(want.epochs));
  expect(got.stepLoss).toEqual(want.stepLoss);
  expect(got.settings).toEqual(want.settings);
});
