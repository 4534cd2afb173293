// Makes the archive for a machine with a GPU, unpacks it elsewhere and runs it as briefly as possible on the software GPU.
import { type SpawnOptions, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { parts } from "../../scripts/on-gpu/parts.mjs";
import type { Results } from "../../scripts/on-gpu/summary.mjs";
import { root } from "../../scripts/setup/machine.mjs";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { type Outcome, outcomeOf } from "../support/outcome.ts";

const folder = mkdtempSync(join(tmpdir(), "unsnow-on-gpu-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<Outcome> {
  return outcomeOf(spawn(program, args, { cwd: folder, ...options, stdio: ["ignore", "pipe", "pipe"] }));
}

async function makePictures(into: string): Promise<void> {
  mkdirSync(into);
  const side = 40;
  for (let picture = 0; picture < 6; picture++) {
    const bytes = new MadeNumbers(`picture ${picture}`).floats(side ** 2, 0, 255);
    const raw = { width: side, height: side, channels: 1 } as const;
    await sharp(Uint8Array.from(bytes), { raw })
      .png()
      .toFile(join(into, `${picture}.png`));
  }
}

test.skipIf(process.platform !== "linux" || process.arch !== "x64")(
  "the archive for a machine with a GPU, which is made on linux-x64, has all it needs, and a part that fails does not take the rest",
  async () => {
    await makePictures(join(folder, "pictures"));
    const archive = join(folder, "archive.tar.gz");
    const make = ["scripts/on-gpu.mjs", "--grey", join(folder, "pictures"), "--out", archive];
    expect(await run(process.execPath, make, { cwd: root })).toMatchObject({ code: 0 });
    expect(statSync(archive).size).toBeLessThanOrEqual(60 * 2 ** 20);

    expect(await run("tar", ["-xf", archive])).toMatchObject({ code: 0 });
    const unpacked = join(folder, "unsnow-on-gpu");
    const golden = join(unpacked, "bench", "fixtures", "golden");
    renameSync(golden, `${golden}-away`);
    const out = join(folder, "results");
    const start = (...options: string[]) =>
      run(join(unpacked, "run.sh"), ["--dry", "--minutes", "60", "--out", out, ...options]);
    const readResults = () => JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Results;

    expect((await start()).code).toBe(1);
    const { parts: first } = readResults();
    const states = Object.fromEntries(parts.map(({ name }) => [name, first[name]?.state]));
    // PyTorch is not on every machine.
    const pytorch = expect.stringMatching(/^(done|skipped)$/) as string;
    expect(states).toEqual({
      ...Object.fromEntries(parts.map(({ name }) => [name, "done"])),
      ...{ goldens: "failed", pytorch, "train-photo-colour": "skipped" },
    });
    expect(first.goldens?.reason).toContain("golden.json");
    for (const { name, title } of parts) {
      if (first[name]?.state !== "done") continue;
      expect(first[name].figures, name).toBeTruthy();
      expect(sectionOf(join(out, "summary.md"), title), name).toMatch(rows[name] ?? "a row");
    }
    expect(existsSync(join(out, "training", "photo", "model.safetensors"))).toBe(true);

    // A second run does only what is not done.
    renameSync(`${golden}-away`, golden);
    expect(await start("--only", "goldens,photograph")).toMatchObject({ code: 0, stderr: "" });
    const { parts: second } = readResults();
    expect(second).toEqual({ ...first, info: second.info, goldens: second.goldens });
    expect(second.goldens?.state).toBe("done");
    expect(sectionOf(join(out, "summary.md"), "Trainings against PyTorch")).toMatch(/^\| tiny .*e-\d+ \|$/m);

    expect(await run(join(unpacked, "run.sh"), ["--out", out])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("give another folder with --out") as string,
    });
  },
);

/** A row that each part's section has. */
const rows: Readonly<Record<string, RegExp>> = {
  info: /^unsnow +\d/m,
  kernels: /^\d+ cases of \d+ of \d+ kernels ran, 0 failed\.$/m,
  families: /^\| A +\|( +[\d.]+ \|){3} +\w+ \|$/m,
  notebook: /^\| `unsnow train` +\| +2 of 8 \|( +[\d.]+ \|){5}$/m,
  photograph: /^\| 128 x 96 +\|( +[\d.]+ \|){2}$/m,
  steps: /^\| dense_loss\.\w+ +\|.* % \|$/m,
  pytorch: /^\| PyTorch (1 thread|CUDA) +\|.* 0\.\d{6} \|$/m,
  "train-photo": /^\| of 2 +\| +2 \|( +[\d.]+ \|){4}$/m,
};

/** The text below a heading of a Markdown file. */
function sectionOf(file: string, title: string): string {
  return readFileSync(file, "utf8").split(`## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
}
