import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeZip } from '@ddad/weights';
import { afterAll, expect, it } from 'vitest';
import { readProviderWheel } from './provider-wheel.js';

const folder = mkdtempSync(join(tmpdir(), 'ddad-wheel-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const info = 'onnxruntime_gpu-1.30.0.dist-info';
const metadata = bytes(
  [
    'Metadata-Version: 2.1',
    'Name: onnxruntime-gpu',
    'Version: 1.30.0',
    'Requires-Dist: numpy>=1.21.6',
    'Provides-Extra: cuda',
    'Requires-Dist: nvidia-cuda-runtime~=13.0; extra == "cuda"',
    'Requires-Dist: nvidia-curand~=10.0; extra == "cuda"',
    'Provides-Extra: cudnn',
    'Requires-Dist: nvidia-cudnn-cu13~=9.0; extra == "cudnn"',
    'Provides-Extra: symbolic',
    'Requires-Dist: sympy; extra == "symbolic"',
    '',
    'Version: 9 is not the version',
  ].join('\n'),
);

/** A wheel of these files, with the RECORD they have, or a given one. */
async function wheel(name: string, files: Record<string, Uint8Array>, record?: string): Promise<string> {
  const lines = Object.entries(files).map(
    ([path, data]) =>
      `${path},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`,
  );
  const path = join(folder, name);
  const whole = { ...files, [`${info}/RECORD`]: bytes(record ?? `${lines.join('\r\n')}\r\n`) };
  await writeFile(path, writeZip(whole));
  return path;
}

const files = {
  'onnxruntime/capi/libonnxruntime_providers_shared.so': bytes('shared'),
  'onnxruntime/capi/libonnxruntime_providers_cuda.so': bytes('cuda'),
  [`${info}/METADATA`]: metadata,
};

it('gives the provider, the CUDA it is for, and what brings its libraries', async () => {
  const found = await readProviderWheel(await wheel('good.whl', files));
  expect(found).toMatchObject({ version: '1.30.0', cuda: 13 });
  expect(found.requirements).toEqual([
    'nvidia-cuda-runtime~=13.0',
    'nvidia-curand~=10.0',
    'nvidia-cudnn-cu13~=9.0',
  ]);
  expect(found.files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])).toEqual([
    ['libonnxruntime_providers_shared.so', 'shared'],
    ['libonnxruntime_providers_cuda.so', 'cuda'],
  ]);
});

it('refuses files that are not what RECORD says, another wheel, and half a wheel', async () => {
  const good = await wheel('whole.whl', files);
  const lines = Object.entries(files).map(
    ([path, data]) =>
      `${path},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`,
  );
  const altered = { ...files, 'onnxruntime/capi/libonnxruntime_providers_cuda.so': bytes('evil') };
  await expect(readProviderWheel(await wheel('altered.whl', altered, lines.join('\n')))).rejects.toThrow(
    /altered\.whl: onnxruntime\/capi\/libonnxruntime_providers_cuda\.so is not what RECORD says of it; give a wheel/,
  );
  const { [`${info}/METADATA`]: _, ...rest } = files;
  await expect(readProviderWheel(await wheel('bare.whl', rest))).rejects.toThrow(/RECORD does not have/);
  const other = join(folder, 'other.whl');
  await writeFile(other, writeZip({ 'numpy-2.0.dist-info/RECORD': bytes('') }));
  await expect(readProviderWheel(other)).rejects.toThrow(/it is no wheel of onnxruntime-gpu/);
  const half = join(folder, 'half.whl');
  await writeFile(half, (await readFile(good)).subarray(0, 300));
  await expect(readProviderWheel(half)).rejects.toThrow(/half\.whl: .*whole/s);
  await expect(readProviderWheel(join(folder, 'nowhere.whl'))).rejects.toThrow(/nowhere\.whl: ENOENT/);
});
