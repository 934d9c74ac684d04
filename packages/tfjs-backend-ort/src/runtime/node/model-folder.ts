import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExternalData } from '../runtime.js';

/**
 * Writes a model with its external data to a folder for temporary files, so that ONNX Runtime reads one constant after
 * the other: given in memory, it would copy all of them first.
 *
 * @throws if the folder cannot be written
 */
export async function modelFolder(
  model: Uint8Array,
  externalData: readonly ExternalData[],
): Promise<{ path: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-backend-ort-'));
  const remove = () => rmSync(folder, { recursive: true });
  try {
    const path = join(folder, 'model.onnx');
    writeFileSync(path, model);
    for (const { path: name, read } of externalData) writeFileSync(join(folder, name), await read());
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
