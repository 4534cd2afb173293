import type { AdapterSummary } from "../device/adapter.ts";
import type { Backend } from "../device/device.ts";
import { type EpochRecord, epochColumns } from "../training/history.ts";

/** The settings and results of a run: history.json. */
export interface RunHistory {
  /** Everything needed to repeat the run; files have the names given by the user. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Older files and those of the page leave it out. */
  readonly backend?: Backend;
  readonly adapter: AdapterSummary;
  readonly epochs: readonly EpochRecord[];
  /** The loss of every step, all epochs in one list, if it was requested. */
  readonly stepLoss?: readonly number[];
}

/** history.json; a number that is not finite (the PSNR of a perfect image) is null. */
export function historyJson(history: RunHistory): string {
  return `${JSON.stringify(history, undefined, 1)}\n`;
}

/** history.csv: one line per epoch, numbers in full precision. */
export function historyCsv(records: readonly EpochRecord[]): string {
  const lines = records.map((record) => epochColumns.map((column) => record[column]).join(","));
  return [epochColumns.join(","), ...lines, ""].join("\n");
}
