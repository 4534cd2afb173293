import type { Device } from "../../src/device/device.ts";
import { type KernelCase, runCase } from "./kernel-case.ts";

/** The number of concurrent cases. Some engines take a tenth of a second for every promise, even without work. */
const together = 40;

/** [name, errors] of every case. */
export async function runCases(device: Device, cases: readonly KernelCase[]): Promise<[string, string[]][]> {
  const results: [string, string[]][] = [];
  for (let first = 0; first < cases.length; first += together) {
    const some = cases.slice(first, first + together);
    results.push(
      ...(await Promise.all(
        some.map(async (one): Promise<[string, string[]]> => [one.name, await runCase(device, one)]),
      )),
    );
  }
  return results;
}
