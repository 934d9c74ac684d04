import { checkOptions } from '@ddad/options';
import { checkThreads, type InitOptions, install } from './install.js';
import { allowTf32 } from './runtime/node/allow-tf32.js';
import { dumpModels } from './runtime/node/dump-models.js';
import { defaultThreads, nodeRuntime } from './runtime/node/node.js';
import { checkPrecision } from './runtime/precision.js';
import { providerError } from './runtime/provider-error.js';
import type { Runtime } from './runtime/runtime.js';
import { webRuntime } from './runtime/web/web.js';

/**
 * Registers the backend 'ort' and makes it tfjs's current one. A second call replaces the backend, with the
 * tensors that lie in it.
 *
 * Where onnxruntime-node is missing or has no binary for the platform, onnxruntime-web's WebAssembly serves if it is
 * installed, with a warning: it is several times slower and cannot read synchronously.
 *
 * @throws if no runtime or not this provider works here, with the remedy
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
  const executionProviders = options.executionProviders ?? ['cpu'];
  const threads = checkThreads(options.threads ?? defaultThreads());
  const precision = checkPrecision(options.precision);
  if (executionProviders.includes('cuda')) allowTf32(precision === 'tf32');
  let runtime: Runtime;
  try {
    runtime = nodeRuntime({ executionProviders, graphCache: options.graphCache ?? null });
  } catch (error) {
    runtime = await webAssembly(error as Error, { ...options, executionProviders, threads });
  }
  const dump = options.debug === undefined ? undefined : dumpModels(options.debug);
  const onModel =
    dump &&
    ((bytes: Uint8Array) => {
      dump(bytes);
      options.onModel?.(bytes);
    });
  try {
    await install(runtime, { ...options, threads, onModel: onModel ?? options.onModel });
  } catch (error) {
    throw providerError(executionProviders, error as Error);
  }
}

/** onnxruntime-web in Node: for platforms that onnxruntime-node has no binary for. */
async function webAssembly(
  reason: Error,
  options: { executionProviders: readonly string[]; threads: number; wasmPaths?: string },
): Promise<Runtime> {
  const platform = `${process.platform} ${process.arch}`;
  const first = reason.message.split('\n')[0];
  let runtime: Runtime;
  try {
    // A name that bundlers for Node do not follow: the package is optional.
    const name: string = 'onnxruntime-web';
    runtime = await webRuntime(() => import(name), options);
  } catch (error) {
    throw new Error(
      `initOrt: onnxruntime-node does not load on ${platform} (${first}). Install it again, or run: ` +
        'npm install onnxruntime-web, for its WebAssembly.',
      { cause: error },
    );
  }
  console.warn(
    `tfjs-backend-ort: onnxruntime-node does not load on ${platform} (${first}); onnxruntime-web's WebAssembly ` +
      'serves instead, several times slower and without dataSync().',
  );
  return runtime;
}
