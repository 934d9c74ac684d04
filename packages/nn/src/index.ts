export {
  type CompiledFunction,
  type CompiledLoop,
  type CompileLoopOptions,
  type CompileOptions,
  compile,
  compileLoop,
  loopPays,
  type Precision,
  precisions,
  type ToOnnxOptions,
  toOnnx,
} from 'tfjs-backend-ort';
export { checkEngine, type EngineStatus } from './engine/check-engine.js';
export { EngineError, type EngineErrorOptions } from './engine/engine-error.js';
export { type EngineName, engineNames, type NamedEngine } from './engine/engine-names.js';
export { type ListEnginesOptions, listEngines } from './engine/list-engines.js';
export { type StartEngineOptions, startEngine } from './engine/start-engine.js';
export { type BatchNorm2dOptions, batchNorm2d } from './layers/batch-norm-2d.js';
export { type Conv2dOptions, conv2d } from './layers/conv2d.js';
export { type DepthwiseConv2dOptions, depthwiseConv2d } from './layers/depthwise-conv2d.js';
export { type GroupNormOptions, groupNorm } from './layers/group-norm.js';
export { linear } from './layers/linear.js';
export { relu } from './layers/relu.js';
export { relu6 } from './layers/relu6.js';
export { silu } from './layers/silu.js';
export { gaussian, imageNoise } from './random/gaussian.js';
export { bernoulli, normal, permutation, randomIntegers, uniform } from './random/random.js';
export { deriveSeed, seedFrom } from './random/seed.js';
export { type Initializer, kaimingNormalFanOut, ones, torchUniform, zeros } from './state/initializers.js';
export { type Layout, tfjsShape, toTfjs, toTorch } from './state/layout.js';
export { type LoadResult, loadParameters } from './state/load-state-dict.js';
export type { Parameter } from './state/parameter.js';
export { Parameters, readParameters, type Scope } from './state/parameters.js';
export { assignValues, assignVariables, readVariables, withValues } from './state/variables.js';
export { type AdamOptions, adam, adamW } from './training/adam.js';
export { type BatchSource, batchesOf } from './training/batch-source.js';
export { clipByGlobalNorm } from './training/clip-by-global-norm.js';
export { type CompiledStep, type CompileStepOptions, compileStep } from './training/compile-step.js';
export { emaDecay, initEma, updateEma } from './training/ema.js';
export { type CosineOptions, cosine, type LearningRateSchedule, warmup } from './training/learning-rate.js';
export type { Optimizer } from './training/optimizer.js';
