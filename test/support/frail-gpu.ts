import { afterAll } from "vitest";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Device } from "../../src/device/device.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import type { Flaws, OpenFrail } from "./frail-device.ts";
import { sharedGpu, useGpu } from "./open-gpu.ts";

/** Loses a device without notice to its user. */
export function loseGpu(device: Device): void {
  if (!(device instanceof Gpu)) throw new TypeError("Only a GPU can be lost so.");
  device.device.destroy();
}

/** Opens devices that can be lost. Each is a mock on the shared device, so that no kernel is compiled twice. */
export function useFrailGpus(): OpenFrail<Gpu> {
  useGpu();
  return useOpened(async () => standIn(await sharedGpu()));
}

/** Opens real devices that can be lost, each of which compiles its own kernels. */
export function useRealFrailGpus(): OpenFrail<Gpu> {
  return useOpened(async () => (await openNodeGpu()).gpu);
}

/** After the tests of the file, closes the devices that they opened. */
function useOpened(open: () => Promise<Gpu>): OpenFrail<Gpu> {
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
 * A Gpu that seems to have its own device. Once destroyed it behaves as WebGPU specifies for a lost device: `lost`
 * resolves, its buffers are destroyed, mappings are rejected, and submits and writes do nothing. The shared device continues to work.
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
    // The shared device's own listener gets all errors.
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

/** Has these members, and otherwise those of `real`; assignments do not change `real`. */
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

function makeFrail(gpu: Gpu, { onSubmit, onWait, onRead, zeroed }: Flaws<Gpu>): void {
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
      const instead = onRead?.(gpu, mapping);
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
