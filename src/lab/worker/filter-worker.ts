import { expose } from "comlink";
import { FilterSession, openFilters } from "./filters.ts";

expose(new FilterSession(openFilters));
