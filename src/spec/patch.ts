import { checkTable, fillTable, flag, integer, type SettingTable } from "./setting-kinds.ts";

/** Random square patches of pictures, instead of whole images. */
export interface PatchSpec {
  /** Pixels along a side. */
  readonly side: number;
  /** Patches per epoch, drawn again in every epoch. */
  readonly count: number;
  /** Patches for validation, always the same. */
  readonly validation: number;
  /** Whether a patch is also flipped and turned, in one of the square's eight ways. */
  readonly flips: boolean;
}

export const patchLimits = { side: 256, count: 1 << 24 } as const;

/** The settings of patches, used if a run's option `patch` is given. */
export const patchSettings: SettingTable<PatchSpec> = {
  side: integer({
    ...{ option: "patch", value: "pixels", group: "images", title: "Patch" },
    ...{ subject: "The side of a patch", min: 1, max: patchLimits.side, default: 17 },
    help: "train on random patches of this side, cut from a folder of pictures of any size",
  }),
  count: integer({
    ...{ option: "patches", value: "count", group: "images", title: "Patches" },
    ...{ subject: "The number of patches per epoch", min: 1, max: patchLimits.count, default: 65_536 },
    help: "patches per epoch",
  }),
  validation: integer({
    ...{ option: "val-patches", value: "count", group: "images", title: "Validation patches" },
    ...{ subject: "The number of patches to validate on", min: 1, max: patchLimits.count, default: 4096 },
    help: "patches to validate on",
  }),
  flips: flag({
    ...{ option: "no-flips", group: "images", title: "Flips", default: true },
    help: "do not rotate and flip the patches",
  }),
};

/** The names of these settings in the options of a run and in files. */
export const patchKeys = {
  side: "patch",
  count: "patches",
  validation: "valPatches",
  flips: "flips",
} as const satisfies Record<keyof PatchSpec, string>;

export const defaultPatches: PatchSpec = fillTable(patchSettings, (_, setting) => setting.default);

/** Throws an InputError when a setting is out of range. */
export function checkPatches(patches: PatchSpec): void {
  checkTable(patchSettings, patches);
}
