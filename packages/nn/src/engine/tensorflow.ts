import * as tf from '@tensorflow/tfjs';
import { cpuName, gpuNames } from './device-names.js';
import type { Engine } from './engine.js';
import { EngineError } from './engine-error.js';
import { registerPaddedGradients } from './padded-gradients.js';

/** The parts of tfjs-node's backend that are used here. */
interface TensorflowBackend {
  isGPUPackage: boolean;
  isUsingGpuDevice: boolean;
  binding: { TF_Version: string };
}

const current = () => tf.backend() as unknown as TensorflowBackend;

const build = (needs: string) =>
  'build the addon from an official TensorFlow wheel: node tools/tensorflow-addon/build.mjs WHEEL --package ' +
  `${needs} (docs/tensorflow.md)`;

/** Threads that TensorFlow was loaded with: it takes them once. A program may have loaded it before. */
let loaded: { threads: number | null } | undefined;

/**
 * The engine of `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`. A process can hold one of the two: a second
 * libtensorflow would clash with the first.
 */
export function tensorflow(needs: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'): Engine {
  const gpu = needs.endsWith('-gpu');
  return {
    needs,
    async start(threads) {
      await load(needs, threads);
      if (!(await tf.setBackend('tensorflow'))) throw new Error('tfjs cannot start its backend tensorflow');
      if (gpu) requireGpu();
    },
    async device() {
      // The addon takes the last of several.
      return current().isUsingGpuDevice ? `GPU: ${(await gpuNames()).at(-1) ?? 'unknown'}` : cpuName();
    },
    remedy: build(needs),
  };
}

async function load(needs: string, threads: number | null): Promise<void> {
  if (!loaded) {
    const isForeign = Boolean(tf.engine().registryFactory.tensorflow);
    if (!isForeign) await importAddon(needs, threads);
    registerPaddedGradients();
    loaded = { threads: isForeign ? null : threads };
  }
  if (threads !== null && threads !== loaded.threads) {
    throw new EngineError(
      `TensorFlow takes its threads when it is loaded: it has ${loaded.threads ?? 'its own choice'}, got ${threads}`,
      { remedy: 'start it with them in a fresh process' },
    );
  }
}

async function importAddon(needs: string, threads: number | null): Promise<void> {
  const [{ default: util }, { env }] = await Promise.all([import('node:util'), import('node:process')]);
  // tfjs-node calls what Node 23 removed.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // errors alone
  if (threads !== null) env.TF_NUM_INTRAOP_THREADS = String(threads);
  try {
    await import(needs);
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    if (message.includes('native addon module')) {
      throw new EngineError(`the native addon of ${needs} is missing`, { remedy: build(needs), cause });
    }
    if (code === 'ERR_DLOPEN_FAILED') {
      const reason = `the native addon of ${needs} does not load: ${message.split('\n')[0]}`;
      throw new EngineError(reason, { remedy: build(needs), cause });
    }
    throw cause;
  }
}

function requireGpu(): void {
  const { isGPUPackage, isUsingGpuDevice, binding } = current();
  if (isUsingGpuDevice) return;
  if (!isGPUPackage) {
    throw new EngineError('@tensorflow/tfjs-node is loaded, which has no CUDA', {
      remedy: 'start tensorflow-gpu in a process of its own',
    });
  }
  throw new EngineError(`TensorFlow ${binding.TF_Version} finds no CUDA device`, {
    remedy:
      'it needs an NVIDIA GPU that nvidia-smi lists and the CUDA libraries of its build (docs/tensorflow.md); ' +
      'TF_CPP_MIN_LOG_LEVEL=0 shows what it looked for',
  });
}
