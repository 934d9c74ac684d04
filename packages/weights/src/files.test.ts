import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from './read-safetensors.js';
import { readStateDict, readWeightsFile } from './read-state-dict.js';
import { writeSafetensorsFile } from './write-safetensors-file.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readStateDict', () => {
  it('tells formats apart by content, whatever the name', async () => {
    const expected = readSafetensors(await readFile(fixture('module.safetensors')));
    for (const name of ['module.safetensors', 'module-zip.pth', 'module-legacy.pth']) {
      const path = join(folder, '2000');
      await writeFile(path, await readFile(fixture(name)));
      expect(await readStateDict(path)).toEqual(expected);
    }
  });

  it('tells the hash of the file beside its tensors', async () => {
    const path = fixture('module-zip.pth');
    const { file, sha256, stateDict } = await readWeightsFile(path);
    expect(file).toBe(path);
    expect(sha256).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    expect(stateDict).toEqual(await readStateDict(path));
  });

  it('names the file that fails', async () => {
    const absent = join(folder, 'absent.pth');
    await expect(readStateDict(absent)).rejects.toThrow(`readStateDict: there is no weights file ${absent}`);
    const other = join(folder, 'notes.txt');
    await writeFile(other, 'weights, weights');
    await expect(readStateDict(other)).rejects.toThrow(
      `readStateDict: ${other} is neither safetensors nor a file of torch.save; if it was downloaded, fetch it again`,
    );
    const hostile = fixture('refused-reduce-zip.pth');
    await expect(readStateDict(hostile)).rejects.toThrow(`readStateDict: ${hostile}: readTorch: refuses`);
  });
});

describe('writeSafetensorsFile', () => {
  it('replaces the file and leaves no temporary one', async () => {
    const path = join(folder, 'w.safetensors');
    const state = readSafetensors(await readFile(fixture('types.safetensors')));
    await writeFile(path, 'old');
    await writeSafetensorsFile(path, state, { epoch: '3' });
    expect(await readStateDict(path)).toEqual(state);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('makes the folder, and names the path where it cannot', async () => {
    const path = join(folder, 'new', 'w.safetensors');
    await writeSafetensorsFile(path, new Map());
    expect((await readStateDict(path)).size).toBe(0);
    await expect(writeSafetensorsFile(join(path, 'x'), new Map())).rejects.toThrow(
      `cannot write ${join(path, 'x')}: a part of the path is a file, not a folder`,
    );
  });
});
