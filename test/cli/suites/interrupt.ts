import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { goldenImages, readHistory, readModel } from "../fixtures.ts";
import { unsnow, useFolder } from "../program.ts";

export function interrupting() {
  const folder = useFolder();

  test("ends the training, writes the results so far and exits with 130", async () => {
    const out = folder("interrupted");
    let interrupted = false;
    const args = ["train", ...goldenImages("odd"), "--hidden", "4", "--batch", "5", "--epochs", "1000000"];
    const { code, stdout, stderr } = await unsnow([...args, "--out", out], {
      onStderr: (text, interrupt) => {
        if (interrupted || !text.includes("epoch 3/1000000")) return;
        interrupted = true;
        interrupt();
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping after the steps under way");

    const { epochs } = readHistory(`${out}/history.json`);
    expect(epochs.length).toBeGreaterThanOrEqual(3);
    expect(epochs.length).toBeLessThan(1_000_000);
    expect(stdout).toContain(`Stopped after ${epochs.length} of 1000000 epochs.`);
    expect(readModel(`${out}/model.safetensors`).network.hidden).toEqual([4]);
    expect(readdirSync(out).length).toBe(5);
  });
}
