import { checkOptions } from '@ddad/options';
import { checkThreads, type InitOptions, install } from './install.js';
import { checkPrecision } from './runtime/precision.js';
import { webRuntime } from './runtime/web/web.js';

/**
 * As `initOrt` in Node, on onnxruntime-web: WebAssembly, or with `executionProviders: ['webgpu']` WebGPU.
 *
 * @throws if onnxruntime-web is not installed, the browser has no WebGPU, or threads are asked for in a page that is
 * not cross-origin isolated
 */
export async function initOrt(options: InitOptions = {}): Promise<void> {
  checkOptions('initOrt', options, {
    executionProviders: true,
    threads: true,
    maxSessions: true,
    debug: true,
    onModel: true,
    wasmPaths: true,
    graphCache: true,
    precision: true,
  });
  const { executionProviders = ['cpu'] } = options;
  checkPrecision(options.precision);
  if (options.debug !== undefined) {
    throw new Error(
      'initOrt: debug writes files, which a browser cannot. Use onModel, which receives the bytes.',
    );
  }
  const { crossOriginIsolated, navigator } = globalThis as {
    crossOriginIsolated?: boolean;
    navigator?: { hardwareConcurrency?: number; gpu?: unknown };
  };
  const threads = checkThreads(
    options.threads ?? (crossOriginIsolated ? (navigator?.hardwareConcurrency ?? 1) : 1),
  );
  if (threads > 1 && !crossOriginIsolated) {
    throw new Error(
      `initOrt: ${threads} threads need a cross-origin isolated page. Serve it with the headers ` +
        'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or ask for 1 thread.',
    );
  }
  const gpu = executionProviders.includes('webgpu');
  if (gpu && !navigator?.gpu) {
    throw new Error("initOrt: this browser has no WebGPU (navigator.gpu). Use executionProviders: ['cpu'].");
  }
  const load = gpu ? () => import('onnxruntime-web/webgpu') : () => import('onnxruntime-web/wasm');
  const wasmPaths = options.wasmPaths ?? (threads > 1 ? threadScript(gpu) : undefined);
  const runtime = await webRuntime(load, { executionProviders, threads, wasmPaths });
  await install(runtime, { ...options, threads });
}

/**
 * The script that threads start from. onnxruntime-web would start them from the chunk it was bundled into, and what
 * that imports: the page's own code. Bundlers see these addresses and copy the files.
 */
function threadScript(gpu: boolean): { mjs: string; wasm: string } {
  const [mjs, wasm] = gpu
    ? [
        new URL('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs', import.meta.url),
        new URL('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm', import.meta.url),
      ]
    : [
        new URL('onnxruntime-web/ort-wasm-simd-threaded.mjs', import.meta.url),
        new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url),
      ];
  return { mjs: mjs.href, wasm: wasm.href };
}
