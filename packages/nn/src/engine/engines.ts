import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import type { NamedEngine } from './engine-names.js';

export interface Engine {
  /** Package that must be installed beside this one. */
  needs?: string;
  /** Makes the engine tfjs's backend. `threads`: of the processor; null lets the engine choose. */
  start(threads: number | null): Promise<void>;
}

const ort = (...executionProviders: string[]): Engine => ({
  start: (threads) => initOrt({ executionProviders, ...(threads === null ? {} : { threads }) }),
});

/** An engine that registers a tfjs backend when its package is imported; a page may have imported it already. */
const tfjsBackend = (needs: string, backend: string): Engine => ({
  needs,
  async start() {
    if (!tf.engine().registryFactory[backend]) await import(needs);
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs cannot start its backend ${backend}`);
  },
});

const tensorflow = (needs: string): Engine => {
  const engine = tfjsBackend(needs, 'tensorflow');
  return {
    ...engine,
    async start(threads) {
      // tfjs-node calls what Node 23 removed.
      const { default: util } = await import('node:util');
      const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
      legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
      await engine.start(threads);
    },
  };
};

/** Fastest first. */
export const engines: Record<NamedEngine, Engine> = {
  'tensorflow-gpu': tensorflow('@tensorflow/tfjs-node-gpu'),
  'ort-cuda': ort('cuda', 'cpu'),
  'ort-webgpu': ort('webgpu', 'cpu'),
  webgpu: tfjsBackend('@tensorflow/tfjs-backend-webgpu', 'webgpu'),
  ort: ort('cpu'),
  tensorflow: tensorflow('@tensorflow/tfjs-node'),
  wasm: tfjsBackend('@tensorflow/tfjs-backend-wasm', 'wasm'),
  cpu: { start: async () => void (await tf.setBackend('cpu')) },
};

/** What `auto` tries, in this order: never the plain `cpu`, which is far too slow to train with. */
export const automatic: NamedEngine[] = ['tensorflow-gpu', 'ort', 'tensorflow', 'wasm'];
