export { compile } from './compile/compile.js';
export { type CompiledLoop, type CompileLoopOptions, compileLoop, loopPays } from './compile/compile-loop.js';
export type { CompiledFunction, CompiledResult, CompileOptions } from './compile/compiled-function.js';
export { type ToOnnxOptions, toOnnx } from './compile/to-onnx.js';
export { initOrt } from './init.web.js';
export { BACKEND_NAME, clearCache, type InitOptions } from './install.js';
export { type Precision, precisions } from './runtime/precision.js';
export { ProviderError } from './runtime/provider-error.js';
