/**
 * unsnow as a library: trains and runs image denoisers in WebGPU compute shaders, in browsers and in Node.
 *
 * @packageDocumentation
 */
/// <reference types="@webgpu/types" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
export type { Picture, PictureSize } from "./data/picture.ts";
export type { Backend } from "./device/device.ts";
export { DeviceError, type DeviceErrorKind } from "./device/device-error.ts";
export { type Family as KernelFamily, families as kernelFamilies } from "./kernels/family.ts";
export type { ComputeOptions } from "./library/compute.ts";
export type { DenoisingModel, ImageOptions, PictureOptions } from "./library/denoising-model.ts";
export { type ByteSource, loadModel, type ModelSource } from "./library/load-model.ts";
export type { ResultImage, RgbaImage } from "./library/rgba-image.ts";
export { trainDenoiser } from "./library/train-denoiser.ts";
export type { Training } from "./library/training.ts";
export type { OtherImages, PixelArray, TrainingImages } from "./library/training-images.ts";
export type { TrainingOptions, TrainingSettings } from "./library/training-options.ts";
export type { Blend, PictureTask } from "./network/picture-denoiser.ts";
export type { SpotMask } from "./spec/blind-spots.ts";
export { InputError } from "./spec/input-error.ts";
export {
  type ActivationName,
  type BlockSize,
  type ConvSpec,
  type DenseSpec,
  type HiddenLayer,
  type HiddenLayers,
  type LayerKind,
  type LayerSpec,
  type LayerSpecs,
  type OutputName,
  outputNames,
  type UpSpec,
} from "./spec/layer-specs.ts";
export type { GivenLayers } from "./spec/layer-text.ts";
export type { LayerWeights, Model, NetworkSpec } from "./spec/network.ts";
export type { NoiseSetting, NoiseSpec, NoiseStage } from "./spec/noise.ts";
export type { NoiseKind } from "./spec/noise-kinds.ts";
export type { AdadeltaSpec, AdamSpec, OptimizerName, OptimizerSpec } from "./spec/optimizer.ts";
export type { PatchSpec } from "./spec/patch.ts";
export type { ScheduleSpec } from "./spec/schedule.ts";
export {
  defaultTraining,
  type InitializationName,
  initializationNames,
  type LossName,
  lossNames,
  type TrainingSpec,
} from "./spec/settings.ts";
export { DivergenceError } from "./training/divergence-error.ts";
export type { EpochRecord } from "./training/history.ts";
export type { Progress } from "./training/trainer.ts";
