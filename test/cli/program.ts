import { Console } from "node:console";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import type { Outcome } from "../support/outcome.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = join(root, "dist", "cli");

/** What a command line runs in. */
export interface Surroundings {
  /** The current folder. */
  readonly cwd?: string;
  /** Whether stderr is a terminal. */
  readonly terminal?: boolean;
  /** Called with all text on stderr so far; `interrupt` does what Ctrl-C does. */
  readonly onStderr?: (text: string, interrupt: () => void) => void;
  /** Called before the command line runs. */
  readonly onStart?: (interrupt: () => void) => void;
  readonly openGpu?: Io["openGpu"];
  /** Where the program's models, digits and threads are. */
  readonly program?: string;
}

/** Runs a command line in this process, without a GPU: those that need one are in files named *.gpu.test.ts. */
export async function unsnow(
  args: readonly string[],
  { cwd = root, terminal = false, onStderr, onStart, openGpu = noGpu, program = built }: Surroundings = {},
): Promise<Outcome> {
  const listeners = new Set<() => void>();
  const interrupt = () => {
    for (const listener of [...listeners]) listener();
  };
  const stdout = new Collected();
  const stderr = new Collected((text) => onStderr?.(text, interrupt), terminal);
  let exited: number | undefined;
  onStart?.(interrupt);
  const code = await main(args, {
    stdout,
    stderr,
    console: new Console({ stdout, stderr }),
    folder: cwd,
    program,
    // A family that is remembered is not looked for by measuring times.
    kernels: { all: async () => ({}), recall: async () => "tile8", remember: async () => {} },
    openGpu,
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

async function noGpu(): Promise<never> {
  // Of a kind that the CPU does not take the place of.
  throw new DeviceError("There is no GPU in this test.", "refused");
}

/** A stream that keeps its text. */
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

/** An empty folder for the tests of a file, gone after them. */
export function useFolder(): (name?: string) => string {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "unsnow-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name = "") => join(folder, name);
}
