import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '@ddad/detector';

/** Where ONNX Runtime's own library lies, beside which it looks for its providers. */
export interface OrtFolder {
  folder: string;
  version: string;
}

/** @throws {UserError} another platform than Linux x64, or the package is not there */
export async function ortFolder(): Promise<OrtFolder> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new UserError(`ort-cuda: needs Linux on x64, this is ${process.platform} on ${process.arch}`, {
      code: 'engine',
      remedy: 'take ort-webgpu, which needs nothing but a driver',
    });
  }
  const own = createRequire(createRequire(import.meta.url).resolve('tfjs-backend-ort'));
  let manifest: string;
  try {
    manifest = own.resolve('onnxruntime-node/package.json');
  } catch (cause) {
    throw new UserError('ort-cuda: onnxruntime-node is not installed', {
      code: 'engine',
      remedy: 'run: npm install onnxruntime-node',
      cause,
    });
  }
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const binaries = join(dirname(manifest), 'bin');
  const folders = (await readdir(binaries)).map((napi) => join(binaries, napi, 'linux', 'x64'));
  const folder = folders.find((each) => existsSync(join(each, 'onnxruntime_binding.node')));
  if (folder) return { folder, version };
  throw new UserError(`ort-cuda: onnxruntime-node ${version} has no library for Linux x64 in ${binaries}`, {
    code: 'engine',
    remedy: 'run: npm rebuild onnxruntime-node',
  });
}
