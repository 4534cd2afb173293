import { expose } from "comlink";
import { FilterSession } from "./filters.ts";
import { openFilters } from "./open-filters.ts";

expose(new FilterSession(openFilters));
