import { afterAll, beforeAll } from "vitest";
import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";

/** Kept outside the module, which Vitest may load again for every file of a fork. */
const kept = globalThis as { unsnowTestCpu?: Promise<Cpu> };

/** Enough for threads to meet; more would only wait on a small machine. */
const threads = 2;

/**
 * The CPU as the device of this process: opened once. No test destroys or loses it: one that does opens threads of its own.
 */
export async function sharedCpu(): Promise<Cpu> {
  const cpu = await kept.unsnowTestCpu;
  if (cpu && isSound(cpu)) return cpu;
  cpu?.destroy();
  kept.unsnowTestCpu = Cpu.open(threadHost, { threads });
  return kept.unsnowTestCpu;
}

/** A test that failed may have left the device with an error, with which those of other files are not to fail. */
function isSound(cpu: Cpu): boolean {
  try {
    cpu.assertAlive();
    return true;
  } catch {
    return false;
  }
}

/** The shared device for the tests of a file, opened before them. */
export function useCpu(): () => Cpu {
  let cpu: Cpu | undefined;
  beforeAll(async () => {
    cpu = await sharedCpu();
  });
  // Fails where a command was refused and nobody asked.
  afterAll(() => cpu?.assertAlive());
  return () => {
    if (!cpu) throw new Error("The device is open only while tests run.");
    return cpu;
  };
}
