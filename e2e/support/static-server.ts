import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/** Serves only a folder's files, under a path, like a static web host. */
export class StaticServer {
  /** The served folder; it can be replaced, as by an upload. */
  folder: string;
  /** The requests, relative to the folder, in chronological order; the folder's page is "". */
  readonly requests: string[] = [];
  #origin = "";
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    this.requests.push(pathname.slice(this.#path.length));
    this.#read(pathname).then(
      ({ bytes, type }) => response.writeHead(200, { "Content-Type": type, ...this.#headers }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });

  /**
   * @param path "/some/where/"
   * @param headers sent with every file; static web hosts often send none
   */
  constructor(folder: string, path: string, headers: Readonly<Record<string, string>> = {}) {
    this.folder = folder;
    this.#path = path;
    this.#headers = headers;
  }

  /** Opens it on any free port. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** "http://127.0.0.1:1234", after it was opened */
  get origin(): string {
    return this.#origin;
  }

  get address(): string {
    return this.origin + this.#path;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #read(pathname: string): Promise<{ bytes: Uint8Array; type: string }> {
    if (!pathname.startsWith(this.#path)) throw new Error("Nothing lies there.");
    const name = normalize(decodeURIComponent(pathname.slice(this.#path.length))) || ".";
    if (name.startsWith("..")) throw new Error("Only the folder's files are served.");
    const file = name === "." ? "index.html" : name;
    const type = contentTypes[extname(file)] ?? "application/octet-stream";
    return { bytes: await readFile(join(this.folder, file)), type };
  }
}
