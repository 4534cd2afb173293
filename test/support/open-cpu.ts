import { afterAll, beforeAll } from "vitest";
import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";

/** Stored outside the module, which Vitest may load again for every file of a fork. */
const kept = globalThis as { unsnowTestCpu?: Promise<Cpu> };

/** Enough threads to test their interaction; more would only wait on a small machine. */
const threads = 2;

/**
 * The CPU as the device of this process. It is opened once. A test must not destroy or lose it, but opens its own threads for that.
 */
export async function sharedCpu(): Promise<Cpu> {
  const cpu = await kept.unsnowTestCpu;
  if (cpu && isSound(cpu)) return cpu;
  cpu?.destroy();
  kept.unsnowTestCpu = Cpu.open(threadHost, { threads });
  return kept.unsnowTestCpu;
}

/** A failed test may have left the device with an error, which must not make tests of other files fail. */
function isSound(cpu: Cpu): boolean {
  try {
    cpu.assertAlive();
    return true;
  } catch {
    return false;
  }
}

/** The shared device for the tests of a file, opened before they run. */
export function useCpu(): () => Cpu {
  let cpu: Cpu | undefined;
  beforeAll(async () => {
    cpu = await sharedCpu();
  });
  // Fails if a command was refused and no test noticed.
  afterAll(() => cpu?.assertAlive());
  return () => {
    if (!cpu) throw new Error("The device is open only while tests run.");
    return cpu;
  };
}
