import { expose } from "comlink";
import { FilterSession } from "./filter-session.ts";
import { openFilters } from "./open-filters.ts";

expose(new FilterSession(openFilters));
