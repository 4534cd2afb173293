// Loads the soak into Node, TypeScript and shaders alike, as bench.mjs does the measurements.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const server = await createServer({ configFile: fileURLToPath(new URL("vite.config.ts", import.meta.url)) });
try {
  const { soak } = await server.ssrLoadModule("/soak/main.ts");
  process.exitCode = await soak(process.argv.slice(2));
} finally {
  await server.close();
}
