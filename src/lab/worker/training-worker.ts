import { expose } from "comlink";
import { trustOwnAddresses } from "../shared/own-addresses.ts";
import { TrainingSession } from "./training-session.ts";

// The threads of the CPU engine are Workers of this one.
trustOwnAddresses();
expose(new TrainingSession());
