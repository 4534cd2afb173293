import type { KernelTime } from "../device/device.ts";
import { table } from "./text.ts";

/** The time of each kernel as a table. */
export function profileTable(times: readonly KernelTime[]): string {
  const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = times.map(({ kernel, launches, milliseconds }) => [
    kernel,
    `${launches}`,
    milliseconds.toFixed(1),
    ((1000 * milliseconds) / launches).toFixed(1),
    `${((100 * milliseconds) / total).toFixed(1)} %`,
  ]);
  return table([["kernel", "launches", "total ms", "mean us", "share"], ...rows]);
}
