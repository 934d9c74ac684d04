/** WebGPU promises 8 storage buffers per shader (maxStorageBuffersPerShaderStage): one is the input. */
export const WEBGPU_MAX_OUTPUTS = 7;
