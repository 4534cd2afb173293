import { parentPort, workerData } from "node:worker_threads";
import { filterTasks } from "../filters/filter-tasks.ts";
import { noisyMean } from "../reference/noisy-mean.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import type { FilterCall } from "./filter-crew.ts";

// A thread of FilterCrew. It processes one call at a time.
const tasks = filterTasks(noisyMean(workerData as NoiseSpec));

parentPort?.on("message", async (call: FilterCall) => {
  const answer = call.task === "tune" ? await tasks.tune(...call.args) : await tasks.score(...call.args);
  parentPort?.postMessage(answer);
});
