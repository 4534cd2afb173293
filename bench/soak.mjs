// Loads the soak test into Node, including TypeScript and shaders, like bench.mjs.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const server = await createServer({ configFile: fileURLToPath(new URL("vite.config.ts", import.meta.url)) });
try {
  const { soak } = await server.ssrLoadModule("/soak/main.ts");
  process.exitCode = await soak(process.argv.slice(2));
} finally {
  await server.close();
}
