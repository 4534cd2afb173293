import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { buildProgram } from "./build-program.ts";
import { goldenFile, goldenImages, readHistory } from "./fixtures.ts";
import { mountFull, root } from "./full-disk.ts";
import { unsnow, useFolder } from "./program.ts";

beforeAll(buildProgram, 300_000);

/** Every test starts the program several times, on a GPU that software plays. */
const timeout = 240_000;

const folder = useFolder();
const small = ["--batch", "4", "--hidden", "4"];
const run = ["train", "--data", goldenFile("odd", "train-clean.idx.gz"), ...small];

const expectSameResults = (got: string, want: string) => {
  expect(readFileSync(`${got}/model.safetensors`)).toEqual(readFileSync(`${want}/model.safetensors`));
  const withoutSeconds = (out: string) =>
    readHistory(`${out}/history.json`).epochs.map(({ seconds: _, ...record }) => record);
  expect(withoutSeconds(got)).toEqual(withoutSeconds(want));
};

describe("a run that was ended goes on", { timeout }, () => {
  test("after Ctrl-C within an epoch, by the command that it told, to the same bits", async () => {
    const digits = ["train", "--hidden", "4", "--batch", "100", "--epochs", "2", "--log-steps"];
    const [whole, out, saves] = [folder("whole"), folder("stopped"), folder("it's saved")];
    expect((await unsnow([...digits, "--out", whole])).code).toBe(0);
    const stopped = await unsnow([...digits, "--out", out, "--checkpoint", saves], {
      onStart: (end) => {
        // As soon as the first checkpoint is there, the first of 80 training steps are under way.
        const watch = setInterval(() => {
          if (!existsSync(`${saves}/checkpoint-a.safetensors`)) return;
          clearInterval(watch);
          setTimeout(() => end("SIGINT"), 200);
        }, 5);
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toMatch(/^Stopped after 0 of 2 epochs, and \d+ steps into the next\.$/m);
    const [, command = ""] = stopped.stdout.match(/^Go on with: unsnow (.*)$/m) ?? [];
    expect(command).toBe(`train --resume '${saves.replaceAll("'", "'\\''")}'`);
    expect(readHistory(`${out}/history.json`).epochs).toEqual([]);

    const resumed = await unsnow(["train", "--resume", saves]);
    expect(resumed.stderr).toMatch(
      /^Resuming after epoch 0 and \d+ steps of the next from .*checkpoint-[ab]/m,
    );
    expect(resumed.code).toBe(0);
    expectSameResults(out, whole);
    const [got, want] = [readHistory(`${out}/history.json`), readHistory(`${whole}/history.json`)];
    expect(got.stepLoss).toEqual(want.stepLoss);
    expect(got.settings).toEqual(want.settings);
  });

  test("after the system ended it, with Adam, a step schedule, fixed noise and measured twins", async () => {
    const twins = ["train", ...goldenImages("odd"), ...small, "--epochs", "60", "--no-shuffle"];
    const adam = [...twins, "--optimizer", "adam", "--schedule", "step:20:0.5", "--loss", "mse"];
    const [whole, out, saves] = [folder("whole twins"), folder("stopped twins"), folder("twins")];
    expect((await unsnow([...adam, "--out", whole])).code).toBe(0);
    let ended = false;
    let end = () => {};
    const stopped = await unsnow([...adam, "--out", out, "--checkpoint", saves, "--every", "7"], {
      onStart: (signal) => {
        end = () => signal("SIGTERM");
      },
      onStderr: (text) => {
        if (ended || !text.includes("epoch 10/60")) return;
        ended = true;
        end();
      },
    });
    expect(stopped.code).toBe(130);
    expect((await unsnow(["train", "--resume", saves])).code).toBe(0);
    expectSameResults(out, whole);
    // Nothing is left to do, and the results are written again.
    const elsewhere = folder("once more");
    expect((await unsnow(["train", "--resume", saves, "--out", elsewhere])).code).toBe(0);
    expectSameResults(elsewhere, whole);
  });

  test("for more epochs than it had, from another folder, its images moved", async () => {
    const [whole, first] = [folder("ten"), folder("five")];
    copyFileSync(goldenFile("odd", "train-clean.idx.gz"), folder("images.idx.gz"));
    const images = ["train", "--data", "images.idx.gz", ...small];
    const cwd = folder();
    expect((await unsnow([...images, "--epochs", "10", "--out", whole], { cwd })).code).toBe(0);
    const begin = [...images, "--epochs", "5", "--out", "five", "--checkpoint", "saves of five", "--quiet"];
    expect((await unsnow(begin, { cwd })).code).toBe(0);
    const resume = ["train", "--resume", folder("saves of five"), "--quiet"];
    expect((await unsnow([...resume, "--epochs", "7"])).code).toBe(0);
    const moved = ["--data", goldenFile("odd", "train-clean.idx.gz")];
    expect((await unsnow([...resume, ...moved, "--epochs", "10"])).code).toBe(0);
    expectSameResults(first, whole);
  });

  test("from the older checkpoint where the newest is damaged, to the same bits", async () => {
    const [whole, out, saves] = [folder("whole six"), folder("six"), folder("saves of six")];
    const six = [...run, "--epochs", "6"];
    expect((await unsnow([...six, "--out", whole])).code).toBe(0);
    expect((await unsnow([...six, "--out", out, "--checkpoint", saves, "--every", "4"])).code).toBe(0);
    // At the start, after 4 epochs, and at the end.
    const newest = `${saves}/checkpoint-a.safetensors`;
    const bytes = readFileSync(newest);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    writeFileSync(newest, bytes);
    const { code, stderr } = await unsnow(["train", "--resume", saves]);
    expect(stderr).toMatch(
      /^Resuming after epoch 4 from .*checkpoint-b\.safetensors\. .*checkpoint-a\.safetensors is damaged: its checksum does not fit its content\.$/m,
    );
    expect(code).toBe(0);
    expectSameResults(out, whole);
  });
});

describe("a run that is saved", { timeout }, () => {
  let saves = "";

  beforeAll(async () => {
    saves = folder("saves");
    const begin = [
      ...run,
      "--epochs",
      "3",
      "--out",
      folder("out"),
      "--checkpoint",
      saves,
      "--schedule",
      "cosine",
    ];
    expect((await unsnow([...begin, "--quiet"])).code).toBe(0);
  }, timeout);

  test.concurrent.each<readonly [string, readonly string[], RegExp]>([
    [
      "another network",
      ["--hidden", "5"],
      /--hidden 5 contradicts the run in .*, whose hidden is 4: leave it out\.$/,
    ],
    [
      "another noise",
      ["--noise", "none"],
      /--noise none contradicts .*, whose noise is gaussian:0\.5: leave it out\.$/,
    ],
    ["another order", ["--no-shuffle"], /--no-shuffle contradicts the run in .*: leave it out\.$/],
    ["another optimizer", ["--optimizer", "adam"], /--optimizer adam contradicts .* is adadelta/],
    ["a start elsewhere", ["--init", "digits"], /--init digits contradicts the run/],
    ["patches", ["--patch", "3"], /--patch 3 contradicts the run/],
    ["losses it has not kept", ["--log-steps"], /--log-steps contradicts the run/],
    ["fewer epochs", ["--epochs", "2"], /has 3 epochs, which cannot become 2: give more, or none\.$/],
    ["more epochs of a cosine", ["--epochs", "4"], /to 0 over 3 epochs \(cosine\), which cannot become 4\.$/],
    [
      "other images",
      ["--data", goldenFile("tiny", "train-clean.idx.gz")],
      /cannot be|differ|is no longer what the run in|larger than/,
    ],
    [
      "images that are gone",
      ["--data", "absent.idx"],
      /absent\.idx cannot be read: there is no such file or folder\.$/,
    ],
    [
      "no epochs between checkpoints",
      ["--every", "0"],
      /from one checkpoint to the next must be a whole number from 1/,
    ],
  ])("refuses %s in a sentence", async (_what, options, message) => {
    // Each with a copy of its own: the folder is one process's.
    const copy = folder(`copy ${options.join(" ").replaceAll("/", "-")}`);
    cpSync(saves, copy, { recursive: true });
    const { code, stdout, stderr } = await unsnow(["train", "--resume", copy, "--quiet", ...options]);
    expect(stderr).toMatch(/^unsnow: [^\n]+\n$/);
    expect(stderr.trimEnd()).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(readdirSync(copy).sort()).toEqual(["checkpoint-a.safetensors", "checkpoint-b.safetensors"]);
  });

  test("knows that its images were changed", async () => {
    const images = readFileSync(goldenFile("odd", "val-clean.idx.gz"));
    const name = folder("changed.idx.gz");
    writeFileSync(name, images);
    const kept = folder("saves of changed");
    const begin = ["train", "--data", name, "--batch", "2", "--hidden", "2", "--epochs", "1", "--quiet"];
    expect((await unsnow([...begin, "--out", folder("changed"), "--checkpoint", kept])).code).toBe(0);
    copyFileSync(goldenFile("odd", "train-clean.idx.gz"), name);
    const { code, stderr } = await unsnow(["train", "--resume", kept]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^unsnow: .*changed\.idx\.gz \(training\) is no longer what the run in .* was trained on: its images changed\.$/m,
    );
  });

  test("agrees with options that say what it is", async () => {
    const { code } = await unsnow(["train", "--resume", saves, ...small, "--schedule", "cosine", "--quiet"]);
    expect(code).toBe(0);
  });

  test("is not overwritten by another, and not used by two", async () => {
    const other = await unsnow([...run, "--epochs", "1", "--out", folder("other"), "--checkpoint", saves]);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(
      /holds the checkpoints of a run: go on with it by --resume .*, or name another folder\.$/m,
    );

    const busy = folder("busy");
    let second: ReturnType<typeof unsnow> | undefined;
    let end = () => {};
    const first = await unsnow(
      [...run, "--epochs", "1000000", "--out", folder("first"), "--checkpoint", busy],
      {
        onStart: (signal) => {
          end = () => signal("SIGINT");
        },
        onStderr: (text) => {
          if (second || !text.includes("epoch 2/")) return;
          second = unsnow(["train", "--resume", busy]);
          void second.then(end);
        },
      },
    );
    expect((await second)?.stderr).toMatch(
      /^unsnow: .*busy is in use by another training, process \d+ on .*: end that one, or delete .*checkpoint\.lock if it is none\.\n$/,
    );
    expect((await second)?.code).toBe(1);
    expect(first.code).toBe(130);
    expect(existsSync(`${busy}/checkpoint.lock`)).toBe(false);
  });

  test("on a disk that is full trains on, says so, and keeps the checkpoint before", async ({ skip }) => {
    if (!root) return skip("only root can mount a small disk to fill");
    const disk = mountFull(folder("disk"), 32);
    const out = folder("full");
    let filled = false;
    try {
      const begin = [
        ...run,
        "--epochs",
        "40",
        "--every",
        "10",
        "--out",
        out,
        "--checkpoint",
        `${disk.path}/saves`,
      ];
      const { code, stderr } = await unsnow(begin, {
        onStderr: (text) => {
          if (filled || !text.includes("epoch 2/40")) return;
          filled = true;
          disk.fill();
        },
      });
      expect(code).toBe(0);
      expect(stderr).toMatch(
        /checkpoint-[ab]\.safetensors cannot be written: the disk is full\. The training goes on, and it is tried again at the next\.$/m,
      );
      expect(readHistory(`${out}/history.json`).epochs.length).toBe(40);
      disk.empty();
      const resumed = await unsnow(["train", "--resume", `${disk.path}/saves`]);
      expect(resumed.code).toBe(0);
      expect(resumed.stderr).toMatch(/^Resuming after epoch \d+ from .*[ab]\.safetensors\.$/m);
    } finally {
      disk.unmount();
    }
  });

  test("stays as it was before it diverged, and it is told what can be made of it", async () => {
    const [wild, out] = [folder("wild"), folder("astray")];
    const options = ["--output", "linear", "--loss", "mse", "--optimizer", "adam", "--lr", "100"];
    const { code, stderr } = await unsnow([
      ...run,
      ...options,
      "--epochs",
      "99",
      "--checkpoint",
      wild,
      "--out",
      out,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^unsnow: The training diverged in epoch \d+ at step \d+: the loss grew to .*; choose another initialization, or lower the learning rate\. Its last good state stays in .*wild: unsnow export --checkpoint .* --out good\.safetensors makes a model of it, from which unsnow train --init good\.safetensors starts again with other settings\.$/m,
    );
    expect(readdirSync(out)).toEqual([]);
    const good = folder("good.safetensors");
    expect((await unsnow(["export", "--checkpoint", wild, "--out", good])).code).toBe(0);
    const again = [...run, "--output", "linear", "--loss", "mse", "--init", good, "--epochs", "1", "--quiet"];
    expect((await unsnow([...again, "--out", folder("again")])).code).toBe(0);
  });
});

test("options that need each other", { timeout }, async () => {
  const both = await unsnow(["train", "--checkpoint", "a", "--resume", "b"]);
  expect(both.stderr).toContain("--checkpoint cannot be given with --resume");
  const every = await unsnow(["train", "--every", "2"]);
  expect(every.stderr).toContain("--every needs --checkpoint");
  expect([both.code, every.code]).toEqual([2, 2]);
});
