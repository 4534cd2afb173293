import type { ThreadHost } from "../../src/cpu/commands.ts";
import { Cpu } from "../../src/cpu/cpu.ts";
import { loseCpu, useFrailCpus } from "../support/frail-cpu.ts";
import { useCpu } from "../support/open-cpu.ts";
import type { Trial } from "./trial.ts";

/** Threads that end as soon as they start. */
const dying: ThreadHost = {
  cores: 2,
  sharesMemory: true,
  start: ({ onFailure }) => {
    queueMicrotask(() => onFailure("it is gone"));
    return { post: () => {}, end: () => {} };
  },
};

/** Tests losses on threads of Node, which are terminated. */
export const cpuTrial: Trial = {
  backend: "cpu",
  useUndisturbed: useCpu,
  // One each, because starting threads takes most of the time here.
  useDevices: () => useFrailCpus({ threads: 1 }),
  lose: loseCpu,
  openNone: () => Cpu.open(dying),
  noneSentence:
    "The CPU's threads were lost, and no others could be started: A thread of the CPU engine could not be started: it is gone.",
  waits: "real",
};
