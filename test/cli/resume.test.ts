import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { useFrailCpus } from "../support/frail-cpu.ts";
import { goldenFile, goldenImages, readHistory } from "./fixtures.ts";
import { mountFull, root } from "./full-disk.ts";
import { unsnow, useFolder } from "./program.ts";

const openFrail = useFrailCpus();
const folder = useFolder();
const small = ["--batch", "4", "--hidden", "4"];
const run = ["train", "--data", goldenFile("odd", "train-clean.idx.gz"), ...small];

const expectSameResults = (got: string, want: string) => {
  expect(readFileSync(`${got}/model.safetensors`)).toEqual(readFileSync(`${want}/model.safetensors`));
  const withoutSeconds = (out: string) =>
    readHistory(`${out}/history.json`).epochs.map(({ seconds: _, ...record }) => record);
  expect(withoutSeconds(got)).toEqual(withoutSeconds(want));
};

describe("a run that was ended continues", () => {
  test("after Ctrl-C within an epoch, with the command that it printed, to the same bits", async () => {
    const long = [...run, "--batch", "1", "--epochs", "2", "--log-steps"];
    const [whole, out, saves] = [folder("whole"), folder("stopped"), folder("it's saved")];
    expect((await unsnow([...long, "--out", whole])).code).toBe(0);
    let interrupt = () => {};
    const stopped = await unsnow([...long, "--out", out, "--checkpoint", saves], {
      onStart: (given) => {
        interrupt = given;
      },
      openCpu: async () => {
        // The first checkpoint is followed by a submit for the order of the images and submits of at most 1, 2, 4 ... of 19 steps.
        let submits = 0;
        const onSubmit = () => {
          if (existsSync(`${saves}/checkpoint-a.safetensors`)) submits += 1;
          if (submits === 3) interrupt();
        };
        return openFrail({ onSubmit });
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toMatch(/^Stopped after 0 of 2 epochs, and \d+ steps into the next\.$/m);
    const [, command = ""] = stopped.stdout.match(/^Continue with: unsnow (.*)$/m) ?? [];
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

  test("on another number of threads, to the same bits, without a remark on rounding", async () => {
    const [whole, out, saves] = [folder("whole on two"), folder("on three"), folder("threads")];
    const long = [...run, "--epochs", "4"];
    expect((await unsnow([...long, "--out", whole])).code).toBe(0);
    const stopped = await unsnow([...long, "--out", out, "--checkpoint", saves, "--threads", "1"], {
      onStderr: (text, interrupt) => {
        if (text.includes("epoch 2/4")) interrupt();
      },
    });
    expect(stopped.code).toBe(130);
    const resumed = await unsnow(["train", "--resume", saves, "--threads", "3"]);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/^Resuming after epoch 2 from /m);
    expect(resumed.stderr).not.toContain("rounding");
    expectSameResults(out, whole);
    expect(readHistory(`${out}/history.json`)).toMatchObject({
      backend: "cpu",
      adapter: { name: expect.stringMatching(/^CPU \(WebAssembly, .*, 3 threads\)$/) },
    });
  });

  test("after Ctrl-C between checkpoints, with Adam, a step schedule, fixed noise and measured twins", async () => {
    const twins = ["train", ...goldenImages("odd"), ...small, "--epochs", "6", "--no-shuffle"];
    const adam = [...twins, "--optimizer", "adam", "--schedule", "step:2:0.5", "--loss", "mse"];
    const [whole, out, saves] = [folder("whole twins"), folder("stopped twins"), folder("twins")];
    expect((await unsnow([...adam, "--out", whole])).code).toBe(0);
    const stopped = await unsnow([...adam, "--out", out, "--checkpoint", saves, "--every", "2"], {
      onStderr: (text, interrupt) => {
        if (text.includes("epoch 3/6")) interrupt();
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toMatch(/^Stopped after 3 of 6 epochs\.$/m);
    const resumed = await unsnow(["train", "--resume", saves]);
    expect(resumed.stderr).toMatch(/^Resuming after epoch 3 from /m);
    expect(resumed.code).toBe(0);
    expectSameResults(out, whole);
    // There is no work left, and the results are written again.
    const elsewhere = folder("once more");
    expect((await unsnow(["train", "--resume", saves, "--out", elsewhere])).code).toBe(0);
    expectSameResults(elsewhere, whole);
  });

  test("ended before its first step, it writes nothing", async () => {
    const cwd = folder("nothing");
    const stopped = await unsnow([...run, "--checkpoint", folder("at the start")], {
      cwd,
      terminal: true,
      onStderr: (_, interrupt) => interrupt(),
    });
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toContain("\nStopped before the first step, so nothing was written.\n");
    // The folder that was made for the run was removed.
    expect(readdirSync(`${cwd}/runs`)).toEqual([]);
    expect(existsSync(folder("at the start/checkpoint-a.safetensors"))).toBe(true);
  });

  test("for more epochs than before, from another folder, with moved images", async () => {
    const [whole, first] = [folder("four"), folder("two")];
    copyFileSync(goldenFile("odd", "train-clean.idx.gz"), folder("images.idx.gz"));
    const images = ["train", "--data", "images.idx.gz", ...small];
    const cwd = folder();
    expect((await unsnow([...images, "--epochs", "4", "--out", whole], { cwd })).code).toBe(0);
    const begin = [...images, "--epochs", "2", "--out", "two", "--checkpoint", "saves of two", "--quiet"];
    expect((await unsnow(begin, { cwd })).code).toBe(0);
    const resume = ["train", "--resume", folder("saves of two"), "--quiet"];
    expect((await unsnow([...resume, "--epochs", "3"])).code).toBe(0);
    const moved = ["--data", goldenFile("odd", "train-clean.idx.gz")];
    expect((await unsnow([...resume, ...moved, "--epochs", "4"])).code).toBe(0);
    expectSameResults(first, whole);
  });

  test("from the older checkpoint if the newest is damaged, to the same bits", async () => {
    const [whole, out, saves] = [folder("whole three"), folder("three"), folder("saves of three")];
    const three = [...run, "--epochs", "3"];
    expect((await unsnow([...three, "--out", whole])).code).toBe(0);
    expect((await unsnow([...three, "--out", out, "--checkpoint", saves, "--every", "2"])).code).toBe(0);
    // At the start, after 2 epochs, and at the end.
    const newest = `${saves}/checkpoint-a.safetensors`;
    const bytes = readFileSync(newest);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    writeFileSync(newest, bytes);
    const { code, stderr } = await unsnow(["train", "--resume", saves]);
    expect(stderr).toMatch(
      /^Resuming after epoch 2 from .*checkpoint-b\.safetensors\. .*checkpoint-a\.safetensors is damaged: its checksum does not match its content\.$/m,
    );
    expect(code).toBe(0);
    expectSameResults(out, whole);
  });
});

describe("a saved run", () => {
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
  });

  test.each<readonly [string, readonly string[], RegExp]>([
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
    ["a different start", ["--init", "digits"], /--init digits contradicts the run/],
    ["patches", ["--patch", "3"], /--patch 3 contradicts the run/],
    ["losses that it has not stored", ["--log-steps"], /--log-steps contradicts the run/],
    [
      "fewer epochs",
      ["--epochs", "2"],
      /has 3 epochs, which cannot become 2: give 3 or more, or leave --epochs out\.$/,
    ],
    ["more epochs of a cosine", ["--epochs", "4"], /to 0 over 3 epochs \(cosine\), which cannot become 4\.$/],
    [
      "other images",
      ["--data", goldenFile("tiny", "train-clean.idx.gz")],
      /cannot be|differ|is no longer what the run in|larger than/,
    ],
    [
      "images that are missing",
      ["--data", "absent.idx"],
      /absent\.idx cannot be read: there is no such file or folder\.$/,
    ],
    [
      "no epochs between checkpoints",
      ["--every", "0"],
      /epochs between checkpoints must be a whole number from 1/,
    ],
  ])("refuses %s in one sentence", async (_what, options, message) => {
    // Each with its own copy, because only one process uses a folder.
    const copy = folder(`copy ${options.join(" ").replaceAll("/", "-")}`);
    cpSync(saves, copy, { recursive: true });
    const { code, stdout, stderr } = await unsnow(["train", "--resume", copy, "--quiet", ...options]);
    expect(stderr).toMatch(/^unsnow: [^\n]+\n$/);
    expect(stderr.trimEnd()).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(readdirSync(copy).sort()).toEqual(["checkpoint-a.safetensors", "checkpoint-b.safetensors"]);
  });

  test("detects that its images were changed", async () => {
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

  test("accepts options that agree with it", async () => {
    const { code } = await unsnow(["train", "--resume", saves, ...small, "--schedule", "cosine", "--quiet"]);
    expect(code).toBe(0);
  });

  test("is not overwritten by another run", async () => {
    const other = await unsnow([...run, "--epochs", "1", "--out", folder("other"), "--checkpoint", saves]);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(
      /holds the checkpoints of a run: continue it with --resume .*, or name another folder\.$/m,
    );
  });

  test("on a full disk continues to train, reports this, and keeps the previous checkpoint", async ({
    skip,
  }) => {
    if (!root) return skip("only root can mount a small disk to fill");
    const disk = mountFull(folder("disk"), 32);
    const out = folder("full");
    let filled = false;
    try {
      const begin = [
        ...run,
        "--epochs",
        "6",
        "--every",
        "2",
        "--out",
        out,
        "--checkpoint",
        `${disk.path}/saves`,
      ];
      const { code, stderr } = await unsnow(begin, {
        onStderr: (text) => {
          if (filled || !text.includes("epoch 1/6")) return;
          filled = true;
          disk.fill();
        },
      });
      expect(code).toBe(0);
      expect(stderr).toMatch(
        /checkpoint-[ab]\.safetensors cannot be written: the disk is full\. Training continues, and the next checkpoint tries again\.$/m,
      );
      expect(readHistory(`${out}/history.json`).epochs.length).toBe(6);
      disk.empty();
      const resumed = await unsnow(["train", "--resume", `${disk.path}/saves`]);
      expect(resumed.code).toBe(0);
      expect(resumed.stderr).toMatch(/^Resuming after epoch \d+ from .*[ab]\.safetensors\.$/m);
    } finally {
      disk.unmount();
    }
  });

  test("keeps its state before it diverged, and says how to use that state", async () => {
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
      /^unsnow: The training diverged in epoch \d+ at step \d+: the loss grew to .*; choose another initialization, or lower the learning rate\. Its last good state stays in .*wild: unsnow export --checkpoint .* --out good\.safetensors saves it as a model, and unsnow train --init good\.safetensors starts from that model with other settings\.$/m,
    );
    expect(readdirSync(out)).toEqual([]);
    const good = folder("good.safetensors");
    expect((await unsnow(["export", "--checkpoint", wild, "--out", good])).code).toBe(0);
    const again = [...run, "--output", "linear", "--loss", "mse", "--init", good, "--epochs", "1", "--quiet"];
    expect((await unsnow([...again, "--out", folder("again")])).code).toBe(0);
  });
});
