import { expose } from "comlink";
import { FilterSession } from "./filter-session.ts";

expose(new FilterSession());
