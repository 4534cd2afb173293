import type { Device } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { openEngine } from "../engine/open-engine.ts";
import { usualFamily } from "../kernels/family.ts";
import { autoencoder, networkName } from "../spec/network.ts";
import { defaultTraining } from "../spec/settings.ts";
import { backendOf, type ComputeOptions, checkThreads, whyCpu } from "./compute.ts";
import type { Io, OpenedGpu } from "./io.ts";
import { measuredSide, productSpeed } from "./product-speed.ts";
import { facts } from "./text.ts";
import { packageVersion } from "./version.ts";

/** The limits that decide which networks fit and which kernels can run, and their units. */
const limits = [
  ["maxBufferSize", "bytes"],
  ["maxStorageBufferBindingSize", "bytes"],
  ["maxStorageBuffersPerShaderStage", "buffers"],
  ["maxComputeWorkgroupStorageSize", "bytes"],
  ["maxComputeInvocationsPerWorkgroup", "invocations"],
] as const;

type Fact = readonly [name: string, value: string];

/** A device that was opened, or why it could not be. */
type Found<T> = { readonly opened: T } | { readonly fault: DeviceError };

/**
 * `unsnow info`: describes the GPU and the CPU, or why they cannot be used, and which of them is used. With --backend, it describes
 * only that one.
 */
export async function info(io: Io, { backend = "auto", threads }: ComputeOptions): Promise<void> {
  checkThreads(threads);
  const gpu = backend === "cpu" ? undefined : await found(() => io.openGpu());
  const cpu = backend === "gpu" ? undefined : await found(() => io.openCpu({ threads }));
  try {
    io.console.log(
      facts([
        ["unsnow", packageVersion()],
        ["Node", process.versions.node],
        ["computes", await choice(backend, gpu, cpu)],
        ...(cpu ? await cpuFacts(cpu) : []),
        ...(gpu ? await gpuFacts(io, gpu) : []),
      ]),
    );
  } finally {
    if (cpu && "opened" in cpu) cpu.opened.destroy();
    if (gpu && "opened" in gpu) gpu.opened.close();
  }
}

async function found<T>(open: () => Promise<T>): Promise<Found<T>> {
  try {
    return { opened: await open() };
  } catch (error) {
    if (error instanceof DeviceError && error.kind === "unavailable") return { fault: error };
    throw error;
  }
}

/** The device that the other commands would use, and why. */
async function choice(
  backend: NonNullable<ComputeOptions["backend"]>,
  gpu: Found<OpenedGpu> | undefined,
  cpu: Found<Device> | undefined,
): Promise<string> {
  try {
    const { engine, fallbackReason } = await openEngine({
      backend: backendOf(backend),
      // The engine does not own the devices, so `release` does nothing.
      openGpu: async () => ({ device: openedOf(gpu).gpu, release: () => {} }),
      openCpu: async () => ({ device: openedOf(cpu), release: () => {} }),
    });
    const { name } = engine.adapter;
    if (backend !== "auto") return `${name}, by --backend ${backend}`;
    if (fallbackReason === undefined) return `${name}, by default; --backend cpu computes on the CPU`;
    return `${name}, by default. ${whyCpu(fallbackReason, gpu !== undefined && "opened" in gpu)}`;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    return `nothing: ${error.message}`;
  }
}

function openedOf<T>(device: Found<T> | undefined): T {
  if (!device) throw new TypeError("A backend that was not requested was opened.");
  if ("fault" in device) throw device.fault;
  return device.opened;
}

async function cpuFacts(cpu: Found<Device>): Promise<Fact[]> {
  if ("fault" in cpu) return [["CPU", `cannot compute: ${cpu.fault.message}`]];
  return [
    ["CPU", cpu.opened.adapter.name],
    ["CPU product", await speedText(cpu.opened)],
  ];
}

async function gpuFacts(io: Io, found: Found<OpenedGpu>): Promise<Fact[]> {
  if ("fault" in found) return [["GPU", `none: ${found.fault.message}`]];
  const { gpu, remark } = found.opened;
  const { adapter, device } = gpu;
  const notebook = autoencoder([28, 28], defaultTraining.hidden);
  const measured = Object.entries(await io.kernels.all())
    .filter(([key]) => key.startsWith(`${adapter.name}, `))
    .map(([key, family]): Fact => ["", `${family} for ${key.slice(adapter.name.length + 2)}, as measured`]);
  const family = usualFamily(gpu, notebook, defaultTraining.batch);
  return [
    ["GPU", adapter.name],
    ["GPU product", await speedText(gpu)],
    ["software", adapter.software ? "yes: a CPU computes instead of a GPU" : "no"],
    ...(remark ? [["remark", remark] as const] : []),
    ["subgroups", gpu.subgroups ? "yes" : "no"],
    ["timestamp queries", gpu.profiles ? "yes" : "no: --profile cannot measure"],
    ["kernels", `${family} for ${networkName(notebook)}, unless measured`],
    ...measured,
    ...limits.map(([name, unit]): Fact => [name, `${device.limits[name]} ${unit}`]),
  ];
}

/** "20.9 GFLOP/s at 512 x 512 x 512" */
async function speedText(device: Device): Promise<string> {
  const gigaflops = (await productSpeed(device)) / 1e9;
  const digits = gigaflops < 100 ? gigaflops.toPrecision(3) : gigaflops.toFixed(0);
  return `${digits} GFLOP/s at ${Array.from({ length: 3 }, () => measuredSide).join(" x ")}`;
}
