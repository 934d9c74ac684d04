import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { cpuName, gpuNames } from './device-names.js';
import type { Engine } from './engine.js';
import type { NamedEngine } from './engine-names.js';
import { graphFolder } from './graph-folder.js';
import { tensorflow } from './tensorflow.js';

const ort = (remedy: string, device: () => Promise<string>, ...executionProviders: string[]): Engine => ({
  start: async (threads, precision) => {
    const graphCache = await graphFolder();
    await initOrt({ executionProviders, precision, graphCache, ...(threads === null ? {} : { threads }) });
  },
  device,
  remedy,
});

/** An engine that registers a tfjs backend when its package is imported; a page may have imported it already. */
const tfjsBackend = (
  needs: string,
  backend: string,
  { device, remedy }: Pick<Engine, 'device' | 'remedy'>,
): Engine => ({
  needs,
  async start() {
    if (!tf.engine().registryFactory[backend]) await import(needs);
    if (!tf.engine().registryFactory[backend]) throw new Error(`there is no ${backend} here`);
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs cannot start its backend ${backend}`);
  },
  device,
  remedy,
});

/** Fastest first. */
export const engines: Record<NamedEngine, Engine> = {
  'tensorflow-gpu': tensorflow('@tensorflow/tfjs-node-gpu'),
  'ort-cuda': ort(
    'it needs an NVIDIA GPU, CUDA with cuDNN 9, and on Linux x64 the provider, which `ddad engines add ort-cuda` adds',
    async () => (await gpuNames())[0] ?? 'a CUDA device',
    'cuda',
    'cpu',
  ),
  'ort-webgpu': ort(
    'it needs a GPU with a driver of Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows)',
    async () => 'the WebGPU adapter',
    'webgpu',
    'cpu',
  ),
  webgpu: tfjsBackend('@tensorflow/tfjs-backend-webgpu', 'webgpu', {
    device: async () => 'the WebGPU adapter',
    remedy: 'it needs a browser with WebGPU; in Node take ort-webgpu',
  }),
  ort: ort(
    // npm leaves the package out where its script cannot fetch CUDA's provider
    'run: npm install --ignore-scripts onnxruntime-node@1.30.0; platforms it has no binary for can take wasm',
    cpuName,
    'cpu',
  ),
  tensorflow: tensorflow('@tensorflow/tfjs-node'),
  wasm: tfjsBackend('@tensorflow/tfjs-backend-wasm', 'wasm', {
    device: cpuName,
    remedy: 'run: npm install @tensorflow/tfjs-backend-wasm of the version of @tensorflow/tfjs',
  }),
  cpu: {
    start: async () => void (await tf.setBackend('cpu')),
    device: cpuName,
    remedy: 'run: npm install @tensorflow/tfjs',
  },
};
