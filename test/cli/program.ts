import { Console } from "node:console";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import type { Backend, Device } from "../../src/device/device.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import { openCpu } from "../../src/engine/open-cpu.ts";
import { sharedCpu } from "../support/open-cpu.ts";
import type { Outcome } from "../support/outcome.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = join(root, "dist", "cli");

/** The environment of a command line. */
export interface Surroundings {
  /** The current folder. */
  readonly cwd?: string;
  /** Whether stderr is a terminal. */
  readonly terminal?: boolean;
  /** Called with all text on stderr so far; `interrupt` has the effect of Ctrl-C. */
  readonly onStderr?: (text: string, interrupt: () => void) => void;
  /** Called before the command line runs. */
  readonly onStart?: (interrupt: () => void) => void;
  readonly openGpu?: Io["openGpu"];
  readonly openCpu?: Io["openCpu"];
  /** The environment's variables; by default none. */
  readonly env?: Io["env"];
  /** The folder of the program's models, digits and thread scripts. */
  readonly program?: string;
}

/**
 * Runs a command line in this process. It computes on the CPU unless --backend is given; tests that need a GPU are in a file
 * named *.gpu.test.ts.
 */
export async function unsnow(
  args: readonly string[],
  {
    cwd = root,
    terminal = false,
    onStderr,
    onStart,
    openGpu = noGpu,
    openCpu = lentCpu,
    env = {},
    program = built,
  }: Surroundings = {},
): Promise<Outcome> {
  const listeners = new Set<() => void>();
  const interrupt = () => {
    for (const listener of [...listeners]) listener();
  };
  const stdout = new Collected();
  const stderr = new Collected((text) => onStderr?.(text, interrupt), terminal);
  let exited: number | undefined;
  onStart?.(interrupt);
  const code = await main(withBackend(args, "cpu"), {
    stdout,
    stderr,
    console: new Console({ stdout, stderr }),
    folder: cwd,
    program,
    env,
    // With a stored family no times are measured to find one.
    kernels: { all: async () => ({}), recall: async () => "tile8", remember: async () => {} },
    openGpu,
    openCpu,
    onEndRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit(wanted) {
      exited ??= wanted;
    },
  });
  return { code: exited ?? code, stdout: stdout.text, stderr: stderr.text };
}

/** The command line with this backend, unless it names one itself. */
export function withBackend([command = "", ...rest]: readonly string[], backend: Backend): string[] {
  const given = rest.includes("--backend") || !["train", "denoise", "evaluate"].includes(command);
  // At the front, so that a last option without its argument stays last.
  return given ? [command, ...rest].filter(Boolean) : [command, "--backend", backend, ...rest];
}

async function noGpu(): Promise<never> {
  throw new DeviceError("There is no GPU in this test.", "unavailable");
}

/** The shared CPU of this process, which stays open after the command; with a given number of threads the command opens its own. */
async function lentCpu({ threads }: Parameters<Io["openCpu"]>[0]): Promise<Device> {
  if (threads !== undefined) return openCpu({ threads });
  const cpu = await sharedCpu();
  return new Proxy<Device>(cpu, {
    get(_, key) {
      if (key === "destroy") return () => {};
      const value: unknown = Reflect.get(cpu, key, cpu);
      return typeof value === "function" ? value.bind(cpu) : value;
    },
  });
}

/** A stream that stores its text. */
class Collected extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 80;

  constructor(onText: (text: string) => void = () => {}, isTTY = false) {
    super({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        this.text += chunk;
        onText(this.text);
        done();
      },
    });
    this.isTTY = isTTY;
  }
}

/** An empty folder for the tests of a file, deleted after them. */
export function useFolder(): (name?: string) => string {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "unsnow-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name = "") => join(folder, name);
}
