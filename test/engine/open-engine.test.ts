import { describe, expect, test, vi } from "vitest";
import type { Device } from "../../src/device/device.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import { sole } from "../../src/engine/engine.ts";
import { openEngine } from "../../src/engine/open-engine.ts";

/** As much of a device as is looked at when one is chosen. */
function deviceOf(backend: "gpu" | "cpu", name: string, software: boolean): Device {
  return { backend, adapter: { name, software }, lost: false, destroy: vi.fn() } as unknown as Device;
}

const none = (why: string) => () => Promise.reject(new DeviceError(why, "unavailable"));

/** What is opened, by what there is. */
function openings({ software = false } = {}) {
  const device = deviceOf("gpu", "SwiftShader", software);
  const cpu = deviceOf("cpu", "the CPU", false);
  const release = vi.fn();
  return {
    device,
    cpu,
    release,
    openGpu: vi.fn(async () => ({ device, release })),
    openCpu: vi.fn(async () => sole(cpu)),
  };
}

describe("what computes", () => {
  test("is a real GPU, and no thread is started", async () => {
    const { device, openGpu, openCpu } = openings();
    const { engine, fallbackReason } = await openEngine({ openGpu, openCpu });
    expect(engine.device).toBe(device);
    expect(fallbackReason).toBeUndefined();
    expect(openGpu).toHaveBeenCalledTimes(1);
    expect(openCpu).not.toHaveBeenCalled();
  });

  test("is the CPU rather than a GPU in software, which is let go", async () => {
    const { cpu, release, openGpu, openCpu } = openings({ software: true });
    const { engine, fallbackReason } = await openEngine({ openGpu, openCpu });
    expect(engine.device).toBe(cpu);
    expect(fallbackReason).toBe("The only GPU adapter, SwiftShader, is software, which is slower.");
    expect(release).toHaveBeenCalledTimes(1);
    engine.close();
    expect(cpu.destroy).toHaveBeenCalledTimes(1);
  });

  test("is the CPU where there is no GPU, for the reason that it gave", async () => {
    const { cpu, openCpu } = openings();
    const { engine, fallbackReason } = await openEngine({ openGpu: none("There is no GPU."), openCpu });
    expect(engine.device).toBe(cpu);
    expect(fallbackReason).toBe("There is no GPU.");
  });

  test("is the GPU in software where the CPU lacks what is needed", async () => {
    const { device, release, openGpu } = openings({ software: true });
    const { engine, fallbackReason } = await openEngine({ openGpu, openCpu: none("No SIMD.") });
    expect(engine.device).toBe(device);
    expect(fallbackReason).toBeUndefined();
    expect(openGpu).toHaveBeenCalledTimes(1);
    expect(release).not.toHaveBeenCalled();
  });

  test.each(["gpu", "cpu"] as const)(
    "is the %s where that is forced, and nothing else is opened",
    async (backend) => {
      const { device, cpu, openGpu, openCpu } = openings({ software: true });
      const { engine, fallbackReason } = await openEngine({ backend, openGpu, openCpu });
      expect(engine.device).toBe(backend === "gpu" ? device : cpu);
      expect(fallbackReason).toBeUndefined();
      expect(openGpu).toHaveBeenCalledTimes(backend === "gpu" ? 1 : 0);
      expect(openCpu).toHaveBeenCalledTimes(backend === "cpu" ? 1 : 0);
    },
  );

  test("is nothing where what is forced is missing, or opening it fails in another way", async () => {
    const { openGpu, openCpu, release } = openings({ software: true });
    const [noGpu, noCpu] = [none("There is no GPU."), none("No SIMD.")];
    await expect(openEngine({ backend: "gpu", openGpu: noGpu, openCpu })).rejects.toThrow("There is no GPU.");
    await expect(openEngine({ backend: "cpu", openGpu, openCpu: noCpu })).rejects.toThrow("No SIMD.");
    await expect(openEngine({ openGpu: noGpu, openCpu: noCpu })).rejects.toThrow("No SIMD.");
    const broken = () => Promise.reject(new TypeError("broken"));
    await expect(openEngine({ openGpu: broken, openCpu })).rejects.toThrow("broken");
    await expect(openEngine({ openGpu, openCpu: broken })).rejects.toThrow("broken");
    // The GPU that was opened before is let go.
    expect(release).toHaveBeenCalledTimes(1);
  });
});
