/**
 * ONNX Runtime's execution providers that a test runs on, from ORT_TEST_PROVIDERS (e.g. `webgpu`), and how far its
 * numbers may be off where the provider computes less exactly: WGSL's sin and cos have an absolute error of 2^-11.
 */
export const executionProviders = (process.env.ORT_TEST_PROVIDERS ?? 'cpu').split(',');

export function tolerance(onCpu: number): number {
  return executionProviders[0] === 'webgpu' ? Math.max(onCpu, 1e-3) : onCpu;
}
