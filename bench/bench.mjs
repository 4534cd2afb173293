// One Vite server serves the measured pages and loads the rest of this folder into Node, including TypeScript and
// shaders.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const server = await createServer({ configFile: fileURLToPath(new URL("vite.config.ts", import.meta.url)) });
try {
  const { main } = await server.ssrLoadModule("/main.ts");
  await main(server);
} finally {
  await server.close();
}
