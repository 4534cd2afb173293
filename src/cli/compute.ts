import { type Command, Option } from "commander";
import { type Backend, mostThreads } from "../device/device.ts";
import type { Engine, EngineOptions } from "../engine/engine.ts";
import { openCpu } from "../engine/open-cpu.ts";
import { openEngine } from "../engine/open-engine.ts";
import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";
import type { Io } from "./io.ts";
import { number } from "./options.ts";

/** What computes a command. */
export interface ComputeOptions {
  /** "auto" is a real GPU, or else the CPU. */
  readonly backend?: "auto" | Backend;
  /** Of the CPU; undefined for one a core. */
  readonly threads?: number;
}

/** Adds --backend and --threads. */
export function addComputeOptions(command: Command): Command {
  return command
    .optionsGroup("What computes:")
    .addOption(
      new Option(
        "--backend <name>",
        "auto: a GPU, or the CPU where there is none or only one in software; gpu or cpu: only that",
      )
        .choices(["auto", "gpu", "cpu"])
        .default("auto"),
    )
    .option("--threads <number>", "threads of the CPU (default: one a core)", number);
}

/**
 * Opens what computes, and reports on `tell` what it is if it is not a GPU by default. Throws an InputError for options that
 * contradict each other, and a DeviceError where nothing can compute.
 */
export async function openComputer(
  io: Pick<Io, "openGpu">,
  { backend = "auto", threads }: ComputeOptions,
  tell: (line: string) => void,
  options: Omit<EngineOptions, "openDevice"> = {},
): Promise<Engine> {
  if (threads !== undefined) {
    if (backend === "gpu") throw new InputError("--threads is for the CPU: leave it out, or --backend gpu.");
    checkInteger("The number of threads", threads, 1, mostThreads);
  }
  const remarks: string[] = [];
  const { engine, fallbackReason } = await openEngine({
    ...options,
    backend: backend === "auto" ? undefined : backend,
    openCpu: () => openCpu({ threads }),
    openGpu: async () => {
      const { gpu, remark, close } = await io.openGpu();
      if (remark) remarks.push(remark);
      return { device: gpu, release: close };
    },
  });
  if (engine.backend === "gpu") for (const remark of remarks) tell(remark);
  if (fallbackReason !== undefined) {
    tell(`Computing on ${engine.adapter.name}. ${fallbackReason} --backend gpu uses only a GPU.`);
  }
  return engine;
}
