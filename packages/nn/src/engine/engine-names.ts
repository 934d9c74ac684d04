/** Names an engine may be asked for by. */
export const engineNames = [
  'auto',
  'ort',
  'ort-webgpu',
  'ort-cuda',
  'tensorflow-gpu',
  'tensorflow',
  'webgpu',
  'wasm',
  'cpu',
] as const;

/** Name of an engine; `auto` takes the fastest that works. */
export type EngineName = (typeof engineNames)[number];

/** An engine by its own name. */
export type NamedEngine = Exclude<EngineName, 'auto'>;
