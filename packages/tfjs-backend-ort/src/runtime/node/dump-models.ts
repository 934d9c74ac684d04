import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes each model it is given to `folder` as graph-0001.onnx, graph-0002.onnx, and so on. */
export function dumpModels(folder: string): (bytes: Uint8Array) => void {
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return (bytes) => {
    const path = join(folder, `graph-${String(++count).padStart(4, '0')}.onnx`);
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  };
}
