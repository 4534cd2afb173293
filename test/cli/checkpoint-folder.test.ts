import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CheckpointFolder } from "../../src/cli/checkpoint-folder.ts";
import type { Checkpoint } from "../../src/formats/checkpoint.ts";
import { fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { trainingSettings } from "../../src/formats/training-settings.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { sharedCpu } from "../support/open-cpu.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";
import { mountFull, root } from "./full-disk.ts";
import { useFolder } from "./program.ts";

/** All paths here are absolute. */
const here = { folder: "/" };

type Saved = Omit<Checkpoint, "number">;

const temporary = useFolder();
const slots = ["checkpoint-a.safetensors", "checkpoint-b.safetensors"] as const;
let tests = 0;
let folder = "";
let savedAfter: (epochs: number) => Saved;

beforeAll(async () => {
  const data = blobData(20, 5, 4, 4);
  const spec = shortRun({ hidden: [3], epochs: 9 });
  const trainer = await trainOn(await sharedCpu(), spec, data);
  const fingerprint = await fingerprintOf(data);
  const first = {
    settings: trainingSettings(spec),
    adapter: { name: "the CPU", software: false },
    family: undefined,
    data: fingerprint,
  };
  const states = [{ ...first, state: await trainer.state(), epochs: [] as Saved["epochs"] }];
  const epochs: Saved["epochs"][number][] = [];
  for await (const { record } of trainer.epochs()) {
    epochs.push(record);
    states.push({ ...first, state: await trainer.state(), epochs: [...epochs] });
  }
  savedAfter = (done) => {
    const state = states[done];
    if (!state) throw new Error("The run has fewer epochs.");
    return state;
  };
});

beforeEach(() => {
  tests += 1;
  folder = temporary(`saves-${tests}`);
});

const saved = async (...epochs: number[]) => {
  const opened = await CheckpointFolder.create(here, folder);
  for (const epoch of epochs) await opened.save(savedAfter(epoch));
  await opened.close();
};

/** The epochs of the checkpoint that is used, and the remarks about others. */
const found = async () => {
  const { folder: opened, checkpoint, name, faults } = await CheckpointFolder.open(here, folder);
  await opened.close();
  return { epoch: checkpoint.state.epoch, name, faults };
};

/** Always the same numbers from 0 to 1. */
function* draws(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = Math.imul(state, 48_271) >>> 0;
    yield state / 2 ** 32;
  }
}

describe("a folder of checkpoints", () => {
  test("is written in two slots in turn, the newest is used, and there are no other files", async () => {
    await saved(1, 2, 3);
    expect(await found()).toEqual({ epoch: 3, name: `${folder}/${slots[0]}`, faults: [] });
    expect(readdirSync(folder).sort()).toEqual([...slots]);
    const { folder: again } = await CheckpointFolder.open(here, folder);
    await again.save(savedAfter(4));
    await again.close();
    expect(await found()).toMatchObject({ epoch: 4, name: `${folder}/${slots[1]}` });
  });

  test("whose newest is truncated or has a flipped bit uses the other one, and reports this", async () => {
    await saved(1, 2, 3);
    const whole = readFileSync(`${folder}/${slots[0]}`);
    const draw = draws();
    for (let fault = 0; fault < 60; fault++) {
      const place = Math.floor(draw.next().value * whole.length);
      const broken = Buffer.from(whole);
      broken[place] = (broken[place] ?? 0) ^ 16;
      writeFileSync(`${folder}/${slots[0]}`, fault % 2 === 0 ? whole.subarray(0, place) : broken);
      const { epoch, faults } = await found();
      expect(epoch).toBe(2);
      expect(faults.length).toBe(1);
      expect(faults[0]).toMatch(/checkpoint-a\.safetensors is (damaged|not a checkpoint).*\.$/);
    }
  });

  test("both of whose slots are truncated is refused in one sentence, and does not change", async () => {
    await saved(1, 2);
    const draw = draws();
    for (const slot of slots) {
      truncateSync(
        `${folder}/${slot}`,
        Math.floor(draw.next().value * readFileSync(`${folder}/${slot}`).length),
      );
    }
    const before = slots.map((slot) => readFileSync(`${folder}/${slot}`));
    await expect(found()).rejects.toThrow(/checkpoint-a\.safetensors is (damaged|not a checkpoint)/);
    await expect(CheckpointFolder.create(here, folder)).rejects.toThrow("holds the checkpoints of a run");
    expect(slots.map((slot) => readFileSync(`${folder}/${slot}`))).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual([...slots]);
  });

  test("in which a write was interrupted is used: the partial file has another name", async () => {
    await saved(1, 2);
    writeFileSync(`${folder}/${slots[0]}.tmp`, "half");
    expect(await found()).toMatchObject({ epoch: 2, faults: [] });
    const { folder: opened } = await CheckpointFolder.open(here, folder);
    await opened.save(savedAfter(3));
    await opened.close();
    expect(readdirSync(folder).sort()).toEqual([...slots]);
  });

  test("that contains a run is refused for a new one, and an empty one is refused for --resume", async () => {
    await saved(1);
    await expect(CheckpointFolder.create(here, folder)).rejects.toThrow(
      `continue it with --resume ${folder}`,
    );
    rmSync(`${folder}/${slots[0]}`);
    await expect(CheckpointFolder.open(here, folder)).rejects.toThrow(
      `${folder} holds no checkpoint of a run.`,
    );
    await expect(CheckpointFolder.open(here, `${folder}/none`)).rejects.toThrow("there is no such folder.");
  });

  test("keeps the older checkpoint intact if a new one is too large for the disk", async ({ skip }) => {
    if (!root) return skip("only root can mount a small disk to fill");
    const disk = mountFull(temporary("disk"), 64);
    try {
      folder = `${disk.path}/saves`;
      await saved(1, 2);
      const before = slots.map((slot) => readFileSync(`${folder}/${slot}`));
      const { folder: opened } = await CheckpointFolder.open(here, folder);
      disk.fill();
      const full = opened.save(savedAfter(3));
      await expect(full).rejects.toThrow(InputError);
      await expect(full).rejects.toThrow("checkpoint-a.safetensors cannot be written: the disk is full.");
      expect(slots.map((slot) => readFileSync(`${folder}/${slot}`))).toEqual(before);
      disk.empty();
      await opened.save(savedAfter(4));
      await opened.close();
      expect((await found()).epoch).toBe(4);
    } finally {
      disk.unmount();
    }
  });
});

describe("only one process uses a folder", () => {
  const lock = () => `${folder}/checkpoint.lock`;

  test("while that process runs", async () => {
    await saved(1);
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    try {
      writeFileSync(lock(), `${other.pid} on ${hostname()}\n`);
      await expect(CheckpointFolder.open(here, folder, 0)).rejects.toThrow(
        `${folder} is in use by another training run, process ${other.pid} on ${hostname()}: stop that process, or delete ${lock()} if it has ended.`,
      );
      await expect(CheckpointFolder.create(here, folder, 0)).rejects.toThrow("is in use by another training");
      expect(readFileSync(lock(), "utf8")).toContain(`${other.pid} on`);
      // It waits for a process that is just being killed.
      const opened = CheckpointFolder.open(here, folder, 60_000);
      other.kill("SIGKILL");
      const { checkpoint, folder: taken } = await opened;
      await taken.close();
      expect(checkpoint.state.epoch).toBe(1);
    } finally {
      other.kill("SIGKILL");
    }
    expect(readdirSync(folder)).toEqual([slots[0]]);
  });

  test.each([
    ["a dead process", () => `${deadProcess()} on ${hostname()}\n`],
    ["a process whose number this one has got", () => `${process.pid} on ${hostname()}\n`],
    ["nobody, because the lock is damaged", () => "?"],
  ])("and the lock is taken over from %s", async (_what, holder) => {
    await saved(1);
    writeFileSync(lock(), holder());
    expect((await found()).epoch).toBe(1);
    expect(readdirSync(folder)).toEqual([slots[0]]);
  });

  test("but not from a process on another machine, which cannot be checked", async () => {
    await saved(1);
    writeFileSync(lock(), "1 on elsewhere\n");
    await expect(found()).rejects.toThrow("process 1 on elsewhere");
  });
});

/** The id of a process that has ended. */
function deadProcess(): string {
  return execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
}
