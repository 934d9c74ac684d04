import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { readStateFacts, readStateFile, writeStateFile } from './state-file.js';

const schema = z.object({ epoch: z.number() });
const options = { schema, remedy: 'begin anew' };
const groups = {
  unet: new Map([['w', { dtype: 'F32' as const, shape: [3], data: Float32Array.of(1, 2, 3) }]]),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('reads tensors and facts, and the facts alone', async () => {
  expect(await readStateFile(folder, 'state', options)).toBeUndefined();
  expect(await readStateFacts(folder, 'state', options)).toBeUndefined();
  await writeStateFile(folder, 'state', { groups, state: { epoch: 7 } });
  const saved = await readStateFile(folder, 'state', options);
  expect(saved).toEqual({ groups, state: { epoch: 7 } });
  expect(await readStateFacts(folder, 'state', options)).toEqual({ epoch: 7 });
  expect(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'))).toEqual({ epoch: 7 });
});

it.each([
  { between: 'an older copy', leave: () => writeFile(join(folder, 'state.json'), '{"epoch":6}') },
  { between: 'no copy', leave: () => rm(join(folder, 'state.json')) },
])(
  'a kill between the two files leaves $between: the facts are the newer, and reading mends it',
  async ({ leave }) => {
    await writeStateFile(folder, 'state', { groups, state: { epoch: 7 } });
    const copy = await readFile(join(folder, 'state.json'));
    await leave();
    expect(await readStateFacts(folder, 'state', options)).toEqual({ epoch: 7 });
    await readStateFile(folder, 'state', options);
    expect(await readFile(join(folder, 'state.json'))).toEqual(copy);
  },
);

it('names a damaged file', async () => {
  await writeStateFile(folder, 'state', { groups, state: { epoch: 7 } });
  await truncate(join(folder, 'state.safetensors'), 40);
  const damaged = /state\.safetensors is damaged; begin anew/;
  await expect(readStateFile(folder, 'state', options)).rejects.toThrow(damaged);
  await expect(readStateFacts(folder, 'state', options)).rejects.toThrow(damaged);
  await writeStateFile(folder, 'state', { groups, state: { epoch: 'seven' } });
  await expect(readStateFacts(folder, 'state', options)).rejects.toThrow(damaged);
});
