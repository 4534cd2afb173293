import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildProgram } from "../cli/build-program.ts";
import { withLibrary } from "./build-library.ts";
import { examples } from "./examples.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** A project in its own folder, with unsnow installed as from the registry, and the programs of docs/library.md. */
export class FreshProject {
  readonly folder: string;
  /** The size of the packed package in bytes. */
  readonly packedBytes: number;

  private constructor(folder: string, packedBytes: number) {
    this.folder = folder;
    this.packedBytes = packedBytes;
  }

  static async create(): Promise<FreshProject> {
    await buildProgram();
    const folder = await mkdtemp(join(tmpdir(), "unsnow-project-"));
    // The steps of `prepack` are already done.
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    const [packed] = JSON.parse(await withLibrary(() => npm(root, pack))) as [
      { filename: string; size: number },
    ];
    const { filename, size } = packed;
    const project = new FreshProject(folder, size);
    await project.write("package.json", '{ "type": "module", "private": true }');
    const quick = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    await npm(folder, ["install", ...quick, `./${filename}`]);
    for (const [name, code] of examples()) await project.write(name, code);
    return project;
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  /** Runs a Node script of the project, or of this repository; returns its stdout. */
  async node(script: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [script, ...args], { cwd: this.folder });
    return stdout;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** Runs npm; returns its stdout. */
async function npm(cwd: string, args: readonly string[]): Promise<string> {
  // As a user calls it: without the environment of the npm script in which these tests may run.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  // Windows' npm.cmd cannot be started without a shell.
  const { stdout } = await run("npm", [...args], { cwd, env, shell: process.platform === "win32" });
  return stdout;
}
