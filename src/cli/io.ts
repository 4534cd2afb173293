import type { NodeGpu } from "../dawn/node-gpu.ts";
import type { Device } from "../device/device.ts";
import type { KernelMemory } from "./kernel-memory.ts";

/** The folder that relative file names start from. */
export interface StartFolder {
  /** An absolute path. */
  readonly folder: string;
}

/** The folders that file names are resolved against. */
export interface FilePlaces extends StartFolder {
  /** The folder of the built program, where its models, digits and threads are. */
  readonly program: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream of text; a terminal if `isTTY` is true, and then it has columns. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** A device for one command, which calls `close` when it is done. */
export interface OpenedGpu extends NodeGpu {
  close(): void;
}

/** The parts of the process that commands use, so that tests can replace them. */
export interface Io extends FilePlaces {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Writes lines: `log` to stdout, `error` to stderr. */
  readonly console: Pick<Console, "log" | "error">;
  readonly kernels: KernelMemory;
  /** The environment's variables. */
  readonly env: Environment;
  openGpu(): Promise<OpenedGpu>;
  /** Starts threads that compute; `destroy` ends them. */
  openCpu(options: { readonly threads?: number | undefined }): Promise<Device>;
  /** Calls the listener at every SIGINT (Ctrl-C) or SIGTERM, until the returned function is called. */
  onEndRequest(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}
