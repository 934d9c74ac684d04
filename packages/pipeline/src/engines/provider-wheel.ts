import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '@ddad/detector';
import { openZip } from '@ddad/weights';

export const cudaProvider = 'libonnxruntime_providers_cuda.so';

/** The libraries of a wheel that ONNX Runtime loads beside its own. */
export const providerFiles = ['libonnxruntime_providers_shared.so', cudaProvider] as const;

/** What of ONNX Runtime's Python wheel with CUDA is needed. */
export interface ProviderWheel {
  version: string;
  /** Major version of CUDA that the provider is built for. */
  cuda: number;
  files: { name: string; bytes: Uint8Array }[];
  /** Python projects that bring CUDA's libraries, as pip takes them. */
  requirements: string[];
}

/**
 * Reads a wheel; each file is checked against the hashes of its RECORD.
 *
 * @throws {UserError} no wheel of `onnxruntime-gpu`, or a damaged one
 */
export async function readProviderWheel(path: string): Promise<ProviderWheel> {
  const refuse = (problem: string, cause?: unknown) =>
    new UserError(`${path}: ${problem}`, {
      code: 'engine',
      remedy: 'give a wheel of onnxruntime-gpu for Linux x64, whole',
      cause,
    });
  const name = basename(path);
  let archive: ReturnType<typeof openZip>;
  try {
    archive = openZip(await readFile(path), { who: name });
  } catch (cause) {
    throw refuse((cause as Error).message, cause);
  }
  const info = archive.names.find((each) => /^onnxruntime_gpu-[^/]+\.dist-info\/RECORD$/.test(each));
  if (!info) throw refuse('it is no wheel of onnxruntime-gpu');
  const text = (entry: string) => new TextDecoder().decode(archive.read(entry));
  const hashes = new Map(
    text(info)
      .split('\n')
      .flatMap((line) => {
        const [, entry, hash] = /^(.+),sha256=([\w-]+),\d+\r?$/.exec(line) ?? [];
        return entry ? [[entry, hash] as const] : [];
      }),
  );
  const read = (entry: string): Uint8Array => {
    if (!hashes.has(entry)) throw refuse(`RECORD does not have ${entry}`);
    const bytes = archive.read(entry);
    const hash = createHash('sha256').update(bytes).digest('base64url');
    if (hash !== hashes.get(entry)) throw refuse(`${entry} is not what RECORD says of it`);
    return bytes;
  };
  try {
    const metadata = new TextDecoder().decode(read(info.replace(/RECORD$/, 'METADATA')));
    const [, version] = /^Version: (.+?)\r?$/m.exec(metadata) ?? [];
    const required = [
      ...metadata.matchAll(/^Requires-Dist: (nvidia-[^;\s]+)\s*;\s*extra == ["'](?:cuda|cudnn)["']/gm),
    ];
    const requirements = required.map(([, requirement]) => requirement);
    const runtime = requirements.find((each) => each.startsWith('nvidia-cuda-runtime'));
    const [, cuda] = /(?:-cu|~=|==|>=)(\d+)/.exec(runtime ?? '') ?? [];
    if (!version || !cuda) throw refuse('METADATA does not say which CUDA it is for');
    const files = providerFiles.map((file) => ({ name: file, bytes: read(`onnxruntime/capi/${file}`) }));
    return { version, cuda: Number(cuda), files, requirements };
  } catch (error) {
    if (UserError.isInstance(error)) throw error;
    throw refuse((error as Error).message, error);
  }
}
