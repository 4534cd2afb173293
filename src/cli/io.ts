import type { NodeGpu } from "../dawn/node-gpu.ts";
import type { Device } from "../device/device.ts";
import type { KernelMemory } from "./kernel-memory.ts";

/** Where relative names of files start. */
export interface StartFolder {
  /** An absolute path. */
  readonly folder: string;
}

/** What names of files stand for. */
export interface FilePlaces extends StartFolder {
  /** The folder of the built program, where its models, digits and threads are. */
  readonly program: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream of text. A terminal, which `isTTY` tells, has columns. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** A device for one command, which ends its use by `close`. */
export interface OpenedGpu extends NodeGpu {
  close(): void;
}

/** What a command line uses of the process that it runs in. */
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
  /** Calls the listener at every request to end, as by Ctrl-C, until the returned function is called. */
  onEndRequest(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}
