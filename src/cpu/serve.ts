import { type Answer, type Command, pageBytes, type Span } from "./commands.ts";
import { Crew, firstFree } from "./crew.ts";

/** A thread's message handler. The first thread executes all commands, the others only their start command. */
export function serve(answer: (answer: Answer, transfer: ArrayBuffer[]) => void): (command: Command) => void {
  let crew: Crew | undefined;
  let memory: WebAssembly.Memory | undefined;
  /** Whether the memory could not be made large enough since the last read. */
  let short = false;

  /** The bytes of a span; empty if the memory could not be grown to contain it. */
  const bytesOf = ({ address, bytes }: Span) => {
    if (!memory) throw new Error("The thread has not started.");
    const within = address + bytes <= memory.buffer.byteLength;
    return within ? new Uint8Array(memory.buffer, address, bytes) : undefined;
  };
  /** Grows the memory to include the span; returns whether it succeeded. */
  const reach = ({ address, bytes }: Span): boolean => {
    if (!memory) throw new Error("The thread has not started.");
    const missing = Math.ceil((address + bytes - memory.buffer.byteLength) / pageBytes);
    if (missing <= 0) return true;
    try {
      memory.grow(missing);
      return true;
    } catch {
      short = true;
      return false;
    }
  };

  return (command) => {
    switch (command.kind) {
      case "start": {
        const { module, thread, threads, mostPages } = command;
        const initial = firstFree(threads) / pageBytes;
        memory = command.memory ?? new WebAssembly.Memory({ initial, maximum: mostPages });
        const instance = new WebAssembly.Instance(module, { env: { memory } });
        crew = new Crew(instance, memory, thread, threads);
        answer({ kind: "ready" }, []);
        if (thread > 0) crew.follow();
        break;
      }
      case "allocate":
        if (reach(command) && !command.fresh) bytesOf(command)?.fill(0);
        break;
      case "write":
        bytesOf({ address: command.address, bytes: command.data.length })?.set(command.data);
        break;
      case "copy": {
        const [from, to] = [bytesOf(command.from), bytesOf(command.to)];
        if (from) to?.set(from);
        to?.fill(0, from?.length);
        break;
      }
      case "run": {
        const times = crew?.lead(command.calls, command.times, command.measured) ?? [];
        answer({ kind: "ran", id: command.id, times }, []);
        break;
      }
      case "read": {
        const buffers = command.spans.map(
          (span) => (bytesOf(span)?.slice() ?? new Uint8Array(span.bytes)).buffer as ArrayBuffer,
        );
        answer({ kind: "read", id: command.id, buffers, short }, buffers);
        short = false;
        break;
      }
    }
  };
}
