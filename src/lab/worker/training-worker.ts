import { expose } from "comlink";
import { TrainingSession } from "./training-session.ts";

expose(new TrainingSession());
