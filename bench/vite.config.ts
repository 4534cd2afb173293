import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { digits } from "../vite/digits-plugin.ts";
import { crossOriginIsolation, isolationHeaders } from "../vite/isolation-plugin.ts";
import { nodeThread } from "../vite/node-thread.ts";
import { shaders } from "../vite/shaders.ts";
import { wasmKernels } from "../vite/wasm-kernels.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  cacheDir: here("node_modules/.vite"),
  appType: "custom",
  // Isolated, so that the WebAssembly of all contestants can use every core.
  plugins: [shaders(), wasmKernels(), nodeThread(), crossOriginIsolation(), digits(), page()],
  logLevel: "warn",
  optimizeDeps: {
    // All packages are listed, so none is discovered late, which would reload a page during a measurement.
    noDiscovery: true,
    include: [
      "@jax-js/jax",
      "@tensorflow/tfjs",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
      "convnetjs",
    ],
  },
  server: {
    host: "127.0.0.1",
    hmr: false,
    watch: null,
    fs: { allow: [here("..")] },
  },
});

/**
 * The measured page, at "/", and without isolation at "/alone", where WebAssembly has one thread. It is not a file,
 * because the development server scans every HTML file of the repository for packages, and would include the peers.
 */
function page(): Plugin {
  const html = `<!doctype html>
<link rel="icon" href="data:,">
<title>A system under measurement</title>
<script type="module" src="/page/main.ts"></script>`;
  return {
    name: "unsnow:measured-page",
    configureServer: ({ middlewares }) => {
      middlewares.use((request, response, next) => {
        if (request.url !== "/" && request.url !== "/alone") return next();
        if (request.url === "/alone")
          for (const name of Object.keys(isolationHeaders)) response.removeHeader(name);
        response.writeHead(200, { "Content-Type": "text/html" }).end(html);
      });
    },
  };
}
