import { nextTask } from "../network/work-slices.ts";
import { open } from "./run/actions.ts";
import { followAddress } from "./settings/actions.ts";
import { trustOwnAddresses } from "./shared/own-addresses.ts";

// The Worker takes longest to start, so it is started before the page is drawn.
trustOwnAddresses();
followAddress();
void open();
const { showPage } = await import("./page.tsx");
await nextTask();
showPage();
