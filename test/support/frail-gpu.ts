import { afterAll } from "vitest";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { sharedGpu, useGpu } from "./open-gpu.ts";

/** The failures that a device can simulate; counts start at 1. */
export interface Flaws {
  /** Called after every submit. */
  readonly onSubmit?: (gpu: Gpu, count: number) => void;
  /** Called at every wait for the queue. */
  readonly onWait?: (gpu: Gpu, count: number) => void;
  /** Called before a staging buffer is mapped; a promise that it returns replaces the mapping. */
  readonly onMap?: (gpu: Gpu, count: number) => Promise<undefined> | undefined;
  /** Whether this mapping reads back only zeros. */
  readonly zeroed?: (count: number) => boolean;
}

export type OpenFrail = (flaws?: Flaws) => Promise<Gpu>;

/** Opens devices that can be lost. Each is a stand-in on the shared device, so that no kernel is compiled twice. */
export function useFrailGpus(): OpenFrail {
  useGpu();
  return useOpened(async () => standIn(await sharedGpu()));
}

/** Opens real devices to lose, each of which compiles its own kernels. */
export function useRealFrailGpus(): OpenFrail {
  return useOpened(async () => (await openNodeGpu()).gpu);
}

/** Closes the opened devices after the tests of the file. */
function useOpened(open: () => Promise<Gpu>): OpenFrail {
  const opened: Gpu[] = [];
  afterAll(() => {
    for (const gpu of opened) gpu.destroy();
  });
  return async (flaws = {}) => {
    const gpu = await open();
    opened.push(gpu);
    makeFrail(gpu, flaws);
    return gpu;
  };
}

/**
 * A Gpu that looks like one on its own device. After it was destroyed, it behaves like a lost WebGPU device: `lost`
 * resolves, its buffers are gone, mappings are rejected, and submits and writes do nothing. The shared device is not
 * affected.
 */
async function standIn(shared: Gpu): Promise<Gpu> {
  const real = shared.device;
  const buffers = new Set<GPUBuffer>();
  let lost = false;
  let lose: (info: GPUDeviceLostInfo) => void = () => {};
  const whileAlive =
    <A extends unknown[]>(work: (...args: A) => undefined) =>
    (...args: A) => {
      if (!lost) work(...args);
      return undefined;
    };
  const queue = standingInFor(real.queue, {
    submit: whileAlive((commands) => real.queue.submit(commands)),
    writeBuffer: whileAlive((...args) => real.queue.writeBuffer(...args)),
  });
  const device = standingInFor(real, {
    queue,
    lost: new Promise<GPUDeviceLostInfo>((resolve) => {
      lose = resolve;
    }),
    createBuffer(descriptor) {
      const buffer = real.createBuffer(descriptor);
      const mapAsync = buffer.mapAsync.bind(buffer);
      const destroy = buffer.destroy.bind(buffer);
      replace(buffer, "mapAsync", (...args) =>
        lost ? Promise.reject(new DOMException("The device is lost.", "AbortError")) : mapAsync(...args),
      );
      replace(buffer, "destroy", () => {
        buffers.delete(buffer);
        return destroy();
      });
      buffers.add(buffer);
      return buffer;
    },
    // The shared device's own listener handles all errors.
    addEventListener() {},
    destroy() {
      if (lost) return undefined;
      lost = true;
      for (const buffer of buffers) buffer.destroy();
      lose({ reason: "destroyed", message: "It was destroyed." } as GPUDeviceLostInfo);
      return undefined;
    },
  });
  const { adapterInfo: info, limits, features } = real;
  const adapter = { info, limits, features, requestDevice: async () => device };
  const gpu = await Gpu.open({ requestAdapter: async () => adapter } as unknown as GPU);
  replace(gpu, "pipeline", (kernel, constants) => shared.pipeline(kernel, constants));
  return gpu;
}

/** An object with these members, and otherwise those of `real`. Assignments to it do not affect `real`. */
function standingInFor<T extends object>(real: T, members: Partial<T>): T {
  return new Proxy(real, {
    get(_, key) {
      if (Reflect.has(members, key)) return Reflect.get(members, key);
      const value: unknown = Reflect.get(real, key, real);
      return typeof value === "function" ? value.bind(real) : value;
    },
    set: (_, key, value) => Reflect.set(members, key, value),
    defineProperty: (_, key, descriptor) => Reflect.defineProperty(members, key, descriptor),
  });
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
  Object.defineProperty(object, key, { value, configurable: true, writable: true });
}
