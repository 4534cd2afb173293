import { parentPort, workerData } from "node:worker_threads";
import type { NoiseSpec } from "../spec/noise.ts";
import type { FilterCall } from "./filter-crew.ts";
import { filterTasks } from "./filter-tasks.ts";

// A thread of FilterCrew: answers one call after another.
const tasks = filterTasks(workerData as NoiseSpec);

parentPort?.on("message", (call: FilterCall) => {
  parentPort?.postMessage(call.task === "tune" ? tasks.tune(...call.args) : tasks.score(...call.args));
});
