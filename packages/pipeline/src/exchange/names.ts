/** What `exportDetector` can write into a folder. */
export const exportFormats = ['torch', 'reference', 'safetensors', 'onnx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The detector as one ONNX model, and what it gives of two images. */
export const detectorModelName = 'detector.onnx';
export const testVectorsName = 'test-vectors.safetensors';
