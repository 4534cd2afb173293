// One Vite server serves the pages that are measured and loads the rest of this folder into Node, TypeScript and shaders alike.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const server = await createServer({ configFile: fileURLToPath(new URL("vite.config.ts", import.meta.url)) });
try {
  const { main } = await server.ssrLoadModule("/main.ts");
  await main(server);
} finally {
  await server.close();
}
