import { render } from "preact";
import { listenForDrops, listenForPastes } from "./file-drops.ts";
import { listenForKeys } from "./key-shortcuts.ts";
import { Page } from "./page.tsx";
import { open } from "./run-control.ts";

const app = document.getElementById("app");
if (!app) throw new Error("index.html has no element #app.");
render(<Page />, app);
listenForKeys();
listenForDrops();
listenForPastes();
void open();
