import { type Command, Option } from "commander";
import { type Backend, mostThreads } from "../device/device.ts";
import { type Engine, type EngineOptions, sole } from "../engine/engine.ts";
import { openEngine } from "../engine/open-engine.ts";
import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";
import { quote } from "../spec/quote.ts";
import type { Io } from "./io.ts";
import { number } from "./options.ts";

/** The values of --backend. "auto" is a hardware GPU if there is one, otherwise the CPU. */
export const computeChoices = ["auto", "gpu", "cpu"] as const;
export type ComputeChoice = (typeof computeChoices)[number];

/** The options that choose the device of a command. */
export interface ComputeOptions {
  readonly backend?: ComputeChoice;
  /** Threads of the CPU; undefined for one per core. */
  readonly threads?: number;
}

/** Adds --backend and --threads to a command, which then reports an error if they contradict each other. */
export function addComputeOptions(command: Command): Command {
  return command
    .optionsGroup("What computes:")
    .addOption(
      new Option(
        "--backend <name>",
        "auto: a GPU, or the CPU where there is none or only one in software; gpu or cpu: only that",
      )
        .choices(computeChoices)
        .default("auto"),
    )
    .option("--threads <number>", `threads of the CPU, 1 to ${mostThreads} (default: one per core)`, number)
    .hook("preAction", (_, called) => {
      const { backend, threads } = called.opts<ComputeOptions>();
      if (backend === "gpu" && threads !== undefined) {
        called.error("--threads is for the CPU, so it cannot be given with --backend gpu.");
      }
    });
}

/**
 * Opens the engine. Calls `tell` with a line if it is the CPU by default, or if --threads has no effect. Throws an
 * InputError for an invalid number of threads, and a DeviceError if neither a GPU nor the CPU can be used.
 */
export async function openComputer(
  io: Pick<Io, "openGpu" | "openCpu">,
  { backend = "auto", threads }: ComputeOptions,
  tell: (line: string) => void,
  options: Omit<EngineOptions, "openDevice"> = {},
): Promise<Engine> {
  checkThreads(threads);
  const remarks: string[] = [];
  let foundGpu = false;
  const { engine, fallbackReason } = await openEngine({
    ...options,
    backend: backendOf(backend),
    openCpu: async () => sole(await io.openCpu({ threads })),
    openGpu: async () => {
      const { gpu, remark, close } = await io.openGpu();
      foundGpu = true;
      if (remark) remarks.push(remark);
      return { device: gpu, release: close };
    },
  });
  const { name } = engine.adapter;
  if (engine.backend === "cpu") {
    if (fallbackReason !== undefined) tell(`Computing on ${name}. ${whyCpu(fallbackReason, foundGpu)}`);
    return engine;
  }
  for (const remark of remarks) tell(remark);
  if (threads !== undefined) {
    tell(`Computing on ${name}, where --threads has no effect; --backend cpu computes on the CPU.`);
  }
  return engine;
}

/** Throws an InputError for text that is none of the choices. */
export function readChoice(text: string): ComputeChoice {
  const found = computeChoices.find((choice) => choice === text);
  if (found === undefined) throw new InputError(`${quote(text)} is not one of ${computeChoices.join(", ")}.`);
  return found;
}

/** The backend that a choice requires; undefined for "auto". */
export function backendOf(choice: ComputeChoice): Backend | undefined {
  return choice === "auto" ? undefined : choice;
}

/** Throws an InputError for an invalid number of threads. */
export function checkThreads(threads: number | undefined): void {
  if (threads !== undefined) checkInteger("The number of threads", threads, 1, mostThreads);
}

/** Why the CPU is used by default, and how to use the GPU if there is one. */
export function whyCpu(fallbackReason: string, foundGpu: boolean): string {
  return foundGpu ? fallbackReason.replace(/\.$/, "; --backend gpu uses it.") : fallbackReason;
}
