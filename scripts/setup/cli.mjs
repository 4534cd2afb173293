import { join } from "node:path";
import { setUpBuild } from "./built.mjs";
import { root } from "./machine.mjs";

/** Builds the command-line program if a source has changed since the last build. */
export function setUpCli() {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  setUpBuild({
    what: "the program",
    folder: "cli",
    result: "unsnow.js",
    sources: [
      ...["src", "shaders", "wasm", "public", "scripts/setup", "vite"],
      ...["vite.cli.config.ts", "package-lock.json"],
    ],
    steps: [[vite, "build", "--config", "vite.cli.config.ts", "--logLevel", "warn"]],
    command: "npm run build:cli",
  });
}
