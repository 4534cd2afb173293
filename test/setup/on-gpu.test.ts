import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parts } from "../../scripts/on-gpu/parts.mjs";
import { type Result, type Results, summaryOf } from "../../scripts/on-gpu/summary.mjs";
import { findLoader, vulkanEnvironment } from "../../scripts/on-gpu/vulkan.mjs";
import { machineWith } from "./machine.ts";

const scratch = mkdtempSync(join(tmpdir(), "unsnow-on-gpu-test-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe.skipIf(process.platform !== "linux")("the Vulkan of an archive, which is for Linux,", () => {
  const loader = "/usr/lib/x86_64-linux-gnu/libvulkan.so.1";
  const own = "/archive/lib/libvulkan.so.1";
  const manifest = "/usr/share/vulkan/icd.d/nvidia_icd.json";
  const environment = (files: string[], env = {}) =>
    vulkanEnvironment("/archive", scratch, machineWith(files, { env }));

  test("is the machine's own where it is complete", () => {
    expect(environment([loader, manifest, own])).toEqual({ env: {}, remarks: [] });
  });

  test("takes the loader of the archive on a machine without one, and then that machine's folders first", () => {
    const { env, remarks } = environment([manifest, own], { LD_LIBRARY_PATH: "/opt/lib" });
    expect(env).toEqual({ LD_LIBRARY_PATH: "/opt/lib:/archive/lib" });
    expect(remarks).toEqual([expect.stringContaining("that of the archive is used")]);
  });

  test("says how to install a loader if the archive has none either", () => {
    expect(environment([manifest]).remarks).toEqual([expect.stringContaining("apt-get install libvulkan1")]);
  });

  test("takes NVIDIA's manifest from where the loader does not look", () => {
    const stray = "/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json";
    expect(environment([loader, stray]).env).toEqual({ VK_DRIVER_FILES: stray, VK_ICD_FILENAMES: stray });
  });

  test.each([
    ["with X11", "/usr/lib64/libGLX_nvidia.so.0", ["/usr/lib64/libX11.so.6"]],
    ["without X11", "/usr/lib64/libEGL_nvidia.so.0", []],
  ])("registers NVIDIA's driver %s where nothing does", (_, driver, others) => {
    const both = ["/usr/lib64/libGLX_nvidia.so.0", "/usr/lib64/libEGL_nvidia.so.0"];
    const { env } = environment([loader, ...both, ...others]);
    const written = JSON.parse(readFileSync(env.VK_DRIVER_FILES ?? "", "utf8")) as unknown;
    expect(written).toMatchObject({ ICD: { library_path: driver } });
  });

  test("names the missing driver of an NVIDIA GPU in a container", () => {
    expect(environment([loader, "/dev/nvidiactl"]).remarks).toEqual([
      expect.stringContaining("NVIDIA_DRIVER_CAPABILITIES=all"),
    ]);
  });

  test("is packed with the system's loader, or with a browser's", () => {
    const browser = ["/usr/lib/chromium/vk_swiftshader_icd.json", "/usr/lib/chromium/libvulkan.so.1"];
    expect(findLoader(machineWith([loader, ...browser]))).toBe(loader);
    expect(findLoader(machineWith(browser))).toBe(browser[1]);
    expect(findLoader(machineWith([]))).toBeUndefined();
  });
});

describe("the summary of a run on a GPU", () => {
  const result = (figures: unknown, rest: Partial<Result> = {}): Result => ({
    ...{ state: "done", seconds: 1, limit: 2, markdown: [], figures, failures: [] },
    ...rest,
  });
  const results = (of: Record<string, Result>): Results => ({
    ...{ machine: "8 x Some CPU", made: { version: "1.0.0", commit: "abc" }, dry: false },
    ...{ date: "2026-01-02T03:04:05Z", remarks: [], parts: of },
  });
  const rowOf = (summary: string, start: string) =>
    summary.split("\n").find((line) => line.startsWith(`| ${start}`)) ?? "";

  test("says of each goal whether it is reached", () => {
    const measured = (system: string, milliseconds: number) => ({ system, milliseconds: [milliseconds] });
    const times = (shape: string, own: number, eager: number, graphs: number) => ({
      shape,
      results: [
        measured("unsnow", own),
        measured("PyTorch CUDA", eager),
        measured("PyTorch CUDA graphs", graphs),
      ],
    });
    const kernels = [{ flops: 8e12 }, { flops: 3e12 }, { flops: 0 }, { flops: null }];
    const summary = summaryOf(
      results({
        info: result({ adapter: "Some GPU", software: false }),
        notebook: result({ epochs: 100, steps: 469, total: 4.5 }),
        pytorch: result([times("A", 0.1, 0.6, 0.05), times("D", 2, 1, 1)]),
        steps: result({ ceilings: { multiplyAddFlops: 1e13 }, shapes: [{ shape: "B", kernels }] }),
        photograph: result({ rows: 3000, columns: 4000, seconds: [0.5, 0.4] }),
      }),
    );
    expect(summary).toMatch(/^# unsnow on Some GPU\n\n8 x Some CPU\. 2026-01-02/);
    expect(rowOf(summary, "the notebook")).toMatch(/ 4\.50 s \| +yes \|$/);
    expect(rowOf(summary, "a step of A, speed against PyTorch")).toMatch(/ 6\.00 times \| +yes \|$/);
    expect(rowOf(summary, "a step of A, speed against CUDA")).toMatch(/ 0\.500 times \| +no \|$/);
    expect(rowOf(summary, "the slowest product")).toMatch(/ 30\.0 % \| +no \|$/);
    expect(rowOf(summary, "a step of D")).toMatch(/ 0\.500 times \| +no \|$/);
    expect(rowOf(summary, "a photograph")).toMatch(/ 0\.500 s \| +yes \|$/);
  });

  test("claims nothing that was not measured, and lists what failed", () => {
    const failures = Array.from({ length: 12 }, (_, index) => `Kernel ${index} is wrong.`);
    const summary = summaryOf(
      results({
        kernels: result(null, { state: "failed", reason: "Kernel 0 is wrong.", failures }),
        pytorch: result(null, { state: "skipped", reason: "No Python here has PyTorch." }),
        photograph: result({ rows: 96, columns: 128, seconds: [0.5] }),
      }),
    );
    expect(summary).toContain("# unsnow on a machine whose adapter is not known");
    expect(summary.match(/not measured/g)).toHaveLength(6);
    expect(summary).toContain("Failed: 12 times\n\n- Kernel 0 is wrong.\n");
    expect(summary).toContain("- and 2 more, see results.json");
    expect(summary).toContain("- pytorch: No Python here has PyTorch.");
    for (const { name } of parts) expect(rowOf(summary, `${name} `)).not.toBe("");
  });
});
