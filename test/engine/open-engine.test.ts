import { describe, expect, test, vi } from "vitest";
import type { Device } from "../../src/device/device.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import { sole } from "../../src/engine/engine.ts";
import { openEngine } from "../../src/engine/open-engine.ts";

/** The properties of a device that the choice uses. */
function deviceOf(backend: "gpu" | "cpu", name: string, software: boolean): Device {
  return { backend, adapter: { name, software }, lost: false, destroy: vi.fn() } as unknown as Device;
}

const none = (why: string) => () => Promise.reject(new DeviceError(why, "unavailable"));

/** What is opened, by the available devices. */
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

  test("is the CPU instead of a software GPU, which is closed", async () => {
    const { cpu, release, openGpu, openCpu } = openings({ software: true });
    const { engine, fallbackReason } = await openEngine({ openGpu, openCpu });
    expect(engine.device).toBe(cpu);
    expect(fallbackReason).toBe("The only GPU adapter, SwiftShader, is software, which is slower.");
    expect(release).toHaveBeenCalledTimes(1);
    engine.close();
    expect(cpu.destroy).toHaveBeenCalledTimes(1);
  });

  test("is the CPU if there is no GPU, with the GPU's error as the reason", async () => {
    const { cpu, openCpu } = openings();
    const { engine, fallbackReason } = await openEngine({ openGpu: none("There is no GPU."), openCpu });
    expect(engine.device).toBe(cpu);
    expect(fallbackReason).toBe("There is no GPU.");
  });

  test("is the software GPU if the CPU lacks required features", async () => {
    const { device, release, openGpu } = openings({ software: true });
    const { engine, fallbackReason } = await openEngine({ openGpu, openCpu: none("No SIMD.") });
    expect(engine.device).toBe(device);
    expect(fallbackReason).toBeUndefined();
    expect(openGpu).toHaveBeenCalledTimes(1);
    expect(release).not.toHaveBeenCalled();
  });

  test.each(["gpu", "cpu"] as const)(
    "is the %s if that is forced, and nothing else is opened",
    async (backend) => {
      const { device, cpu, openGpu, openCpu } = openings({ software: true });
      const { engine, fallbackReason } = await openEngine({ backend, openGpu, openCpu });
      expect(engine.device).toBe(backend === "gpu" ? device : cpu);
      expect(fallbackReason).toBeUndefined();
      expect(openGpu).toHaveBeenCalledTimes(backend === "gpu" ? 1 : 0);
      expect(openCpu).toHaveBeenCalledTimes(backend === "cpu" ? 1 : 0);
    },
  );

  test("is nothing if the forced one is missing, or if opening it fails in another way", async () => {
    const { openGpu, openCpu, release } = openings({ software: true });
    const [noGpu, noCpu] = [none("There is no GPU."), none("No SIMD.")];
    await expect(openEngine({ backend: "gpu", openGpu: noGpu, openCpu })).rejects.toThrow("There is no GPU.");
    await expect(openEngine({ backend: "cpu", openGpu, openCpu: noCpu })).rejects.toThrow("No SIMD.");
    await expect(openEngine({ openGpu: noGpu, openCpu: noCpu })).rejects.toThrow("No SIMD.");
    const broken = () => Promise.reject(new TypeError("broken"));
    await expect(openEngine({ openGpu: broken, openCpu })).rejects.toThrow("broken");
    await expect(openEngine({ openGpu, openCpu: broken })).rejects.toThrow("broken");
    // The GPU that was opened before is closed.
    expect(release).toHaveBeenCalledTimes(1);
  });
});
