export {
  type CompiledFunction,
  type CompiledResult,
  type CompileOptions,
  compile,
} from './compile/compile.js';
export { type ToOnnxOptions, toOnnx } from './compile/to-onnx.js';
export { initOrt } from './init.js';
export { BACKEND_NAME, clearCache, type InitOptions } from './install.js';
export { ProviderError } from './runtime/provider-error.js';
