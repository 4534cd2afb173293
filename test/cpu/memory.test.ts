import fc from "fast-check";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { ThreadHost } from "../../src/cpu/commands.ts";
import { Cpu, type CpuOptions } from "../../src/cpu/cpu.ts";
import { firstFree } from "../../src/cpu/crew.ts";
import { loadKernels } from "../../src/cpu/load-kernels.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import type { Device, DeviceBuffer } from "../../src/device/device.ts";
import { readBack } from "../../src/device/read-back.ts";
import { Denoiser } from "../../src/network/denoiser.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { useCpu } from "../support/open-cpu.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";

const opened: Cpu[] = [];
afterAll(() => {
  for (const cpu of opened) cpu.destroy();
});

async function open(host: ThreadHost, options: CpuOptions): Promise<Cpu> {
  const cpu = await Cpu.open(host, options);
  opened.push(cpu);
  return cpu;
}

/** If threads cannot share memory, the one thread's own memory grows, and gets a new buffer when it does. */
const alone: ThreadHost = { ...threadHost, sharesMemory: false };

const memories: readonly (readonly [string, ThreadHost])[] = [
  ["shared by two threads", threadHost],
  ["of one thread alone", alone],
];

const bytesOf = async (device: Device, buffer: DeviceBuffer) =>
  new Uint8Array((await readBack(device, [{ buffer, bytes: buffer.size }]))[0]);

describe.each(memories)("memory %s", (_whose, host) => {
  test("grows, and keeps its contents", async () => {
    const cpu = await open(host, { threads: 2 });
    const [small, large] = [cpu.createBuffer("small", 1000), 48 * 2 ** 20];
    const numbers = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
    cpu.write(small, 0, numbers);
    const after = cpu.createBuffer("large", large);
    cpu.write(after, large - 1000, numbers);
    expect(await bytesOf(cpu, small)).toEqual(numbers);
    const found = await bytesOf(cpu, after);
    expect(found.subarray(large - 1000)).toEqual(numbers);
    expect(found.subarray(0, large - 1000).every((byte) => byte === 0)).toBe(true);
    cpu.copy({ buffer: small, offset: 4, bytes: 8 }, after);
    expect((await bytesOf(cpu, after)).subarray(0, 12)).toEqual(
      Uint8Array.of(4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0),
    );
    // Work after the memory has moved uses the right addresses.
    const network = autoencoder([6, 5], [9]);
    const model = { network, layers: initialWeights(network, 1) };
    const images = new Float32Array(30).fill(0.25);
    const denoiser = await Denoiser.create(cpu, model);
    const before = await denoiser.denoise(images);
    const another = cpu.createBuffer("larger", large);
    expect(await denoiser.denoise(images)).toEqual(before);
    for (const one of [small, after, another, denoiser]) one.destroy();
  });

  test("takes written data as it is at that moment, from shared memory too", async () => {
    const cpu = await open(host, { threads: 2 });
    for (const source of [new ArrayBuffer(16), new SharedArrayBuffer(16)]) {
      const [buffer, data] = [cpu.createBuffer("written", 16), new Uint8Array(source).fill(1)];
      cpu.write(buffer, 0, data);
      data.fill(2);
      expect(await bytesOf(cpu, buffer)).toEqual(new Uint8Array(16).fill(1));
    }
  });

  test("contains what was written last, like a plain array", async () => {
    const cpu = await open(host, { threads: 2 });
    const place = fc.nat(15).map((word) => 4 * word);
    const action = fc.oneof(
      fc.record({ kind: fc.constant("create" as const), words: fc.integer({ min: 1, max: 16 }) }),
      fc.record({ kind: fc.constant("destroy" as const), which: fc.nat(9) }),
      fc.record({
        kind: fc.constant("write" as const),
        which: fc.nat(9),
        offset: place,
        data: fc.uint8Array({ minLength: 4, maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant("copy" as const), which: fc.nat(9), to: fc.nat(9), offset: place }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        let held: { buffer: DeviceBuffer; expected: Uint8Array }[] = [];
        for (const one of actions) {
          const found = "which" in one ? held[one.which % Math.max(1, held.length)] : undefined;
          if (one.kind === "create") {
            const bytes = 4 * one.words;
            held.push({
              buffer: cpu.createBuffer("made", bytes),
              expected: new Uint8Array(bytes),
            });
          }
          if (!found) continue;
          if (one.kind === "destroy") {
            found.buffer.destroy();
            held = held.filter((other) => other !== found);
          }
          if (one.kind === "write") {
            const { offset, data } = one;
            if (offset + 4 > found.buffer.size) {
              expect(() => cpu.write(found.buffer, offset, data)).toThrow(RangeError);
              continue;
            }
            cpu.write(found.buffer, offset, data);
            found.expected.set(data, offset);
          }
          if (one.kind === "copy") {
            const target = held[one.to % held.length];
            if (!target || target === found || one.offset >= found.buffer.size) continue;
            const bytes = Math.min(found.buffer.size - one.offset, target.buffer.size);
            cpu.copy({ buffer: found.buffer, offset: one.offset, bytes }, target.buffer);
            target.expected.fill(0);
            target.expected.set(found.expected.subarray(one.offset, one.offset + bytes));
          }
        }
        for (const { buffer, expected } of held) {
          expect(await bytesOf(cpu, buffer)).toEqual(expected);
          buffer.destroy();
        }
      }),
      { numRuns: 50 },
    );
  });

  const data = blobData(37, 11, 6, 5);
  const spec = shortRun({ hidden: [9] });
  /** The weights and the moments together are more than 8 MiB; each alone would fit. */
  const wide = shortRun({ hidden: [6000, 30, 6000] });
  const undisturbed = useCpu();

  const lossesOf = async (device: Device) => {
    const trainer = await trainOn(device, spec, data);
    const losses: number[] = [];
    for await (const { stepLosses } of trainer.epochs()) losses.push(...stepLosses);
    trainer.destroy();
    return losses;
  };

  test("that is too small is refused in one sentence before anything is computed, and works again afterwards", async () => {
    const cpu = await open(host, { threads: 2, memoryBytes: 8 * 2 ** 20 });
    const submit = vi.spyOn(cpu, "submit");
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(trainOn(cpu, wide, data)).rejects.toMatchObject({
        name: "DeviceError",
        kind: "memory",
        message:
          "WebAssembly's memory has no room for the training run: lower the batch or the layer widths.",
      });
    }
    expect(submit).not.toHaveBeenCalled();
    expect(await lossesOf(cpu)).toEqual(await lossesOf(undisturbed()));
    // All of it was freed: one buffer can have most of it again.
    cpu.createBuffer("most", 7 * 2 ** 20).destroy();
    cpu.assertAlive();
  });

  test("that the engine cannot grow is refused in the same way", async () => {
    const mostPages = 128;
    const shared = new WebAssembly.Memory({ initial: 64, maximum: mostPages, shared: true });
    // It reserves less than the device knows of.
    const tight: ThreadHost = {
      ...host,
      start: (listener) => {
        const thread = host.start(listener);
        return {
          ...thread,
          post: (command) =>
            thread.post(
              command.kind === "start"
                ? { ...command, mostPages, memory: command.memory && shared }
                : command,
            ),
        };
      },
    };
    const cpu = await open(tight, { threads: 2 });
    const submit = vi.spyOn(cpu, "submit");
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(trainOn(cpu, wide, data)).rejects.toMatchObject({
        name: "DeviceError",
        kind: "memory",
        message: "There is not enough memory for the training run: lower the batch or the layer widths.",
      });
    }
    expect(submit).not.toHaveBeenCalled();
    expect(await lossesOf(cpu)).toEqual(await lossesOf(undisturbed()));
    // A build that fails for another reason leaves no memory error for later calls; an allocation outside a build does.
    const impossible = () => [2 ** 24, 2 ** 33].map((bytes) => cpu.createBuffer("impossible", bytes));
    await expect(cpu.build("two buffers", impossible)).rejects.toMatchObject({ kind: "memory" });
    await readBack(cpu, []);
    cpu.createBuffer("stray", 2 ** 24);
    await expect(readBack(cpu, [])).rejects.toThrow("The CPU engine ran out of memory");
  });

  test("that was freed cannot be accessed through its buffer", async () => {
    const cpu = await open(host, { threads: 2 });
    const [gone, stays] = [cpu.createBuffer("gone", 64), cpu.createBuffer("stays", 64)];
    gone.destroy();
    gone.destroy();
    const next = cpu.createBuffer("next", 64);
    const sentence = 'The buffer "gone" was destroyed.';
    expect(() => cpu.write(gone, 0, Uint8Array.of(1, 2, 3, 4))).toThrow(sentence);
    expect(() => cpu.copy({ buffer: gone, bytes: 4 }, stays)).toThrow(sentence);
    expect(() => cpu.copy({ buffer: stays, bytes: 4 }, gone)).toThrow(sentence);
    await expect(readBack(cpu, [{ buffer: gone, bytes: 4 }])).rejects.toThrow(sentence);
    expect(await bytesOf(cpu, next)).toEqual(new Uint8Array(64));
  });
});

test.each([
  ["simd", false],
  ["simd", true],
] as const)(
  "the memory of the module and its threads is before the buffers: %s, shared %s",
  async (build, shared) => {
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared });
    const { exports } = new WebAssembly.Instance(await loadKernels(build, shared), { env: { memory } });
    const { dataEnd, scratchBytes } = exports as { dataEnd(): number; scratchBytes(): number };
    // The module's data and a control block, 64 KiB each, and then the scratch memory of each thread.
    expect(firstFree(0)).toBe(2 * 2 ** 16);
    expect(dataEnd()).toBeLessThanOrEqual(2 ** 16);
    expect(scratchBytes()).toBeLessThanOrEqual(firstFree(2) - firstFree(1));
  },
);
