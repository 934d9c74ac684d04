export { type CompiledFunction, type CompiledResult, type CompileOptions, compile } from './compile.js';
export { BACKEND_NAME, clearCache, type InitOptions, initOrt } from './init.js';
export { type ToOnnxOptions, toOnnx } from './to-onnx.js';
