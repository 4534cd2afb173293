import { afterAll } from "vitest";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";

/** What can be made to go wrong on a device, and is counted from 1. */
export interface Flaws {
  /** Told of every submit, after it was made. */
  readonly onSubmit?: (gpu: Gpu, count: number) => void;
  /** Told of every wait for the queue. */
  readonly onWait?: (gpu: Gpu, count: number) => void;
  /** Told of every mapping of a staging buffer as it begins; a promise that it gives takes the mapping's place. */
  readonly onMap?: (gpu: Gpu, count: number) => Promise<undefined> | undefined;
  /** Whether what is read back by this mapping is nothing but zeros. */
  readonly zeroed?: (count: number) => boolean;
}

/** Opens real devices that fail as they are told to; closed after the tests of the file. */
export function useFrailGpus(): (flaws?: Flaws) => Promise<Gpu> {
  const opened: Gpu[] = [];
  afterAll(() => {
    for (const gpu of opened) gpu.destroy();
  });
  return async (flaws = {}) => {
    const { gpu } = await openNodeGpu();
    opened.push(gpu);
    makeFrail(gpu, flaws);
    return gpu;
  };
}

function makeFrail(gpu: Gpu, { onSubmit, onWait, onMap, zeroed }: Flaws): void {
  const { device } = gpu;
  const { queue } = device;
  let [submits, waits, maps] = [0, 0, 0];

  const submit = queue.submit.bind(queue);
  const wait = queue.onSubmittedWorkDone.bind(queue);
  const createBuffer = device.createBuffer.bind(device);
  replace(queue, "submit", (commands) => {
    submit(commands);
    submits += 1;
    onSubmit?.(gpu, submits);
  });
  replace(queue, "onSubmittedWorkDone", () => {
    waits += 1;
    const done = wait();
    onWait?.(gpu, waits);
    return done;
  });
  replace(device, "createBuffer", (descriptor) => {
    const buffer = createBuffer(descriptor);
    if (descriptor.label !== "readback") return buffer;
    const mapAsync = buffer.mapAsync.bind(buffer);
    const getMappedRange = buffer.getMappedRange.bind(buffer);
    let mapping = 0;
    replace(buffer, "mapAsync", (...args) => {
      maps += 1;
      mapping = maps;
      const mapped = mapAsync(...args);
      const instead = onMap?.(gpu, mapping);
      if (!instead) return mapped;
      mapped.catch(() => {});
      return instead;
    });
    replace(buffer, "getMappedRange", (...args) => {
      const range = getMappedRange(...args);
      if (zeroed?.(mapping)) new Uint8Array(range).fill(0);
      return range;
    });
    return buffer;
  });
}

function replace<T, K extends keyof T>(object: T, key: K, value: T[K]): void {
  Object.defineProperty(object, key, { value, configurable: true });
}
