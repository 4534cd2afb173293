import { describe, expect, test, vi } from "vitest";
import type { ThreadHost } from "../../src/cpu/commands.ts";
import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import { CpuProfiler } from "../../src/cpu/profiler.ts";
import type { Launch } from "../../src/device/device.ts";
import { readBack } from "../../src/device/read-back.ts";
import { shuffleOrder, shuffleUniform } from "../../src/kernels/sweep.ts";
import { permutation, permute } from "../../src/math/permutation.ts";
import { streams } from "../../src/math/streams.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { WatchedThreads } from "../support/frail-cpu.ts";
import { useCpu } from "../support/open-cpu.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";

/** The result of `work` while something is mocked. */
async function withMock<T>(mock: { mockRestore(): void }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    mock.mockRestore();
  }
}

describe("the CPU is opened", () => {
  test.each([0, 65, 1.5, -1, Number.NaN])("but not with %d threads, and none is started", async (threads) => {
    const start = vi.fn(threadHost.start);
    const refused = Cpu.open({ ...threadHost, start }, { threads });
    await expect(refused).rejects.toThrow(
      `The number of threads must be a whole number from 1 to 64, but it is ${threads}.`,
    );
    await expect(refused).rejects.toThrow(InputError);
    expect(start).not.toHaveBeenCalled();
  });

  test.each([
    [{ ...threadHost, cores: 3 }, 3, /^CPU \(WebAssembly, (relaxed )?SIMD, 3 threads\)$/],
    // Some browsers do not report the number of cores.
    [{ ...threadHost, cores: 0 }, 1, /SIMD, 1 thread\)$/],
    [{ ...threadHost, cores: 3, sharesMemory: false }, 1, /SIMD, 1 thread\)$/],
  ])("with a thread for each core, or one if they cannot share memory: %o", async (host, threads, name) => {
    const cpu = await Cpu.open(host);
    expect(cpu.threads).toBe(threads);
    expect(cpu.adapter.name).toMatch(name);
    expect(cpu).toMatchObject({ backend: "cpu", lost: false, adapter: { software: false } });
    cpu.destroy();
  });

  test("with the memory that the engine reserves addresses for, which may be less than 4 GiB", async () => {
    const { Memory } = WebAssembly;
    /** An engine that reserves at most this number of pages. */
    const reserving = (most: number) =>
      vi.spyOn(WebAssembly, "Memory").mockImplementation(function memory(descriptor) {
        if ((descriptor.maximum ?? 0) > most) throw new RangeError("could not allocate memory");
        return new Memory(descriptor);
      });
    const cpu = await withMock(reserving(2 ** 14), () => Cpu.open(threadHost, { threads: 2 }));
    expect(cpu.largestBuffer).toBeLessThanOrEqual(2 ** 30);
    expect(cpu.largestBuffer).toBeGreaterThan(2 ** 29 - 2 ** 20);
    expect(() => cpu.createBuffer("large", cpu.largestBuffer)).toThrow("has no room");
    cpu.createBuffer("small", 64).destroy();
    await cpu.build("nothing", () => {});
    cpu.destroy();
    await expect(
      withMock(reserving(2 ** 9), () => Cpu.open(threadHost, { threads: 2 })),
    ).rejects.toMatchObject({ name: "DeviceError", kind: "unavailable" });
  });

  test.each<readonly [string, string, ThreadHost["start"]]>([
    [
      "fails",
      "its script could not be loaded",
      ({ onFailure }) => {
        queueMicrotask(() => onFailure("its script could not be loaded"));
        return { post: () => {}, end: () => {} };
      },
    ],
    [
      "is refused",
      "of another origin",
      () => {
        throw new Error("of another origin");
      },
    ],
  ])("but not if a thread's start %s; no thread is left running", async (_what, reason, start) => {
    const watched = new WatchedThreads();
    let starts = 0;
    const host: ThreadHost = {
      cores: 3,
      sharesMemory: true,
      start: (listener) => {
        starts += 1;
        return starts < 3 ? watched.start(listener) : start(listener);
      },
    };
    await expect(Cpu.open(host)).rejects.toMatchObject({
      name: "DeviceError",
      kind: "unavailable",
      message: `A thread of the CPU engine could not be started: ${reason}.`,
    });
    await vi.waitFor(() => expect(watched.workers.map(({ threadId }) => threadId)).toEqual([-1, -1]));
  });
});

describe("launches", () => {
  const cpu = useCpu();

  /** Launches that shuffle this many numbers each, into separate buffers, with seeds from 0 on. */
  const shuffles = async (launches: number, count: number) => {
    const pipeline = await cpu().pipeline(shuffleOrder);
    return Array.from({ length: launches }, (_, seed) => {
      const uniform = cpu().createBuffer("shuffle", 32);
      cpu().write(uniform, 0, shuffleUniform(count, seed, 0));
      const order = cpu().createBuffer("order", 4 * count);
      const destroy = () => {
        for (const buffer of [uniform, order]) buffer.destroy();
      };
      const dispatch = pipeline.bind({ shuffle: uniform, order }, count, `shuffle(${seed})`);
      return { dispatch, region: { buffer: order, bytes: 4 * count }, destroy };
    });
  };

  test("of lists of any length are all done, also after an empty list", async () => {
    const count = 3;
    const made = await shuffles(3000, count);
    cpu().submit([]);
    cpu().submit([], 5);
    cpu().submit(
      made.map(({ dispatch }) => dispatch),
      2,
    );
    cpu().submit(
      made.slice(0, 1).map(({ dispatch }) => dispatch),
      0,
    );
    const found = await readBack(
      cpu(),
      made.map(({ region }) => region),
    );
    const expected = made.map((_, seed) => {
      const shuffled = permutation(count, seed, streams.shuffle, 0);
      return Array.from({ length: count }, (__, position) => permute(shuffled, position));
    });
    expect(found.map((bytes) => [...new Uint32Array(bytes)])).toEqual(expected);
    for (const one of made) one.destroy();
  });

  test("of an unknown kernel are refused", async () => {
    const kernel = { ...shuffleOrder, name: "sort_order" };
    await expect(cpu().pipeline(kernel)).rejects.toThrow("The CPU engine has no kernel sort_order.");
  });

  test("are measured one by one, with their labels, in order", async () => {
    const heard: Launch[] = [];
    const profiler = cpu().createProfiler((launches) => heard.push(...launches));
    expect(profiler).toBeInstanceOf(CpuProfiler);
    const made = await shuffles(3, 500);
    const dispatches = made.map(({ dispatch }) => dispatch);
    cpu().submit(dispatches, 2, profiler);
    cpu().submit(dispatches.slice(1, 2), 1, profiler);
    cpu().submit(dispatches);
    await profiler.collect();
    const order = [0, 1, 2, 0, 1, 2, 1].map((seed) => `shuffle(${seed})`);
    expect(heard.map(({ label }) => label)).toEqual(order);
    expect(new Set(heard.map(({ kernel }) => kernel))).toEqual(new Set(["shuffle_order"]));
    heard.forEach(({ start, duration }, index) => {
      expect(duration).toBeGreaterThanOrEqual(0);
      const before = heard[index - 1];
      if (before) expect(start).toBeGreaterThanOrEqual(before.start + before.duration);
    });
    const total = heard.reduce((sum, { duration }) => sum + duration, 0);
    expect(profiler.table()).toEqual([
      { kernel: "shuffle_order", launches: 7, milliseconds: expect.closeTo(total) },
    ]);
    profiler.clear();
    await profiler.collect();
    expect(profiler.table()).toEqual([]);
    profiler.destroy();
    for (const one of made) one.destroy();
  });

  test("of a training belong to no family, for any requested one", async () => {
    const [spec, data] = [shortRun({ hidden: [9] }), blobData(37, 11, 6, 5)];
    for (const options of [{}, { family: "workgroup" }] as const) {
      const trainer = await trainOn(cpu(), spec, data, options);
      expect(trainer.family).toBeUndefined();
      trainer.destroy();
    }
  });

  test("of a training are all measured", async () => {
    const submit = vi.spyOn(cpu(), "submit");
    const heard: string[] = [];
    const profiler = cpu().createProfiler((launches) => heard.push(...launches.map(({ label }) => label)));
    const [spec, data] = [shortRun({ hidden: [9] }), blobData(37, 11, 6, 5)];
    const trainer = await trainOn(cpu(), spec, data, { profiler });
    for await (const _ of trainer.epochs());
    const submitted = submit.mock.calls
      .filter(([_dispatches, _times, given]) => given)
      .flatMap(([dispatches, times = 1]) =>
        Array.from({ length: times }, () => dispatches.map(({ label }) => label)).flat(),
      );
    submit.mockRestore();
    expect(heard).toEqual(submitted);
    // Two epochs of 5 training steps and 2 validation steps, with two layers.
    expect(heard.filter((label) => label.startsWith("weight_update"))).toHaveLength(10);
    trainer.destroy();
  });
});
