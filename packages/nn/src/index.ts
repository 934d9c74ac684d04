export {
  type CompiledFunction,
  type CompileOptions,
  compile,
  type ToOnnxOptions,
  toOnnx,
} from 'tfjs-backend-ort';
export { type AdamOptions, adam, adamW } from './adam.js';
export { type BatchNorm2dOptions, batchNorm2d } from './batch-norm-2d.js';
export { type BatchSource, batchesOf } from './batch-source.js';
export { clipByGlobalNorm } from './clip-by-global-norm.js';
export { type CompiledStep, compileStep, type StepResult } from './compile-step.js';
export { type Conv2dOptions, conv2d } from './conv2d.js';
export { emaDecay, initEma, updateEma } from './ema.js';
export { checkEngine, type EngineStatus } from './engine/check-engine.js';
export { EngineError, type EngineErrorOptions } from './engine/engine-error.js';
export { type EngineName, engineNames, type NamedEngine } from './engine/engine-names.js';
export { type ListEnginesOptions, listEngines } from './engine/list-engines.js';
export { type StartEngineOptions, startEngine } from './engine/start-engine.js';
export { gaussian, imageNoise } from './gaussian.js';
export { type GroupNormOptions, groupNorm } from './group-norm.js';
export { type Initializer, kaimingNormalFanOut, ones, torchUniform, zeros } from './initializers.js';
export { type Layout, tfjsShape, toTfjs, toTorch } from './layout.js';
export { type CosineOptions, cosine, type LearningRateSchedule, warmup } from './learning-rate.js';
export { linear } from './linear.js';
export { type LoadResult, loadParameters } from './load-state-dict.js';
export type { Optimizer } from './optimizer.js';
export type { Parameter } from './parameter.js';
export { Parameters, readParameters, type Scope } from './parameters.js';
export { bernoulli, normal, permutation, randomIntegers, uniform } from './random.js';
export { relu } from './relu.js';
export { deriveSeed, seedFrom } from './seed.js';
export { silu } from './silu.js';
export { assignVariables, readVariables } from './variables.js';
