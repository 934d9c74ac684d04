import type { NamedEngine } from './engine-names.js';

interface Adapter {
  info?: { isFallbackAdapter?: boolean };
}
interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

/**
 * What `auto` tries, fastest first. Not the plain `cpu`, which is far too slow to train with; not WebGPU in Node,
 * which ONNX Runtime calls experimental and which may be a software driver.
 */
export async function automatic(): Promise<NamedEngine[]> {
  if (globalThis.process?.versions?.node) return ['tensorflow-gpu', 'ort-cuda', 'ort', 'tensorflow', 'wasm'];
  const { navigator } = globalThis as { navigator?: { gpu?: Gpu } };
  const adapter = await navigator?.gpu?.requestAdapter();
  const hardware = adapter && !adapter.info?.isFallbackAdapter;
  return [...(hardware ? (['ort-webgpu', 'webgpu'] as const) : []), 'ort', 'wasm'];
}
