import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("every response of the development server has the headers that let threads share memory", async () => {
  const server = await createServer({
    root,
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    server: { host: "127.0.0.1", port: 0, watch: null, hmr: false },
    // The pages are not opened, so no package has to be prepared.
    optimizeDeps: { noDiscovery: true, include: [] },
    logLevel: "error",
  });
  try {
    await server.listen();
    const [address = ""] = server.resolvedUrls?.local ?? [];
    const statusOf = async (path: string) => {
      const { status, headers } = await fetch(address + path);
      expect(headers.get("Cross-Origin-Opener-Policy"), path).toBe("same-origin");
      expect(headers.get("Cross-Origin-Embedder-Policy"), path).toBe("require-corp");
      return status;
    };
    expect(await statusOf("")).toBe(200);
    expect(await statusOf("src/lab/worker/training-worker.ts?worker_file&type=module")).toBe(200);
    expect(await statusOf("models/digits.safetensors")).toBe(200);
    expect(await statusOf("digits/labels.idx.gz")).toBe(200);
  } finally {
    await server.close();
  }
});
