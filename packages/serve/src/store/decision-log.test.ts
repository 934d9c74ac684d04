import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DecisionLog } from './decision-log.js';

test('many lines at once are each whole and in order; an old log goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ddad-log-'));
  const log = new DecisionLog(join(folder, 'lid'));
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => log.add({ kind: 'threshold', version: i, value: i / 7 })),
  );
  await new DecisionLog(join(folder, 'lid')).add({ kind: 'activated', version: 1 });
  const lines = (await readFile(log.path, 'utf8')).trimEnd().split('\n');
  const read = lines.map((line) => JSON.parse(line));
  expect(read.map(({ version }) => version)).toEqual([...Array(50).keys(), 1]);
  expect(read[3]).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    kind: 'threshold',
    version: 3,
    value: 3 / 7,
  });
  await rm(folder, { recursive: true });
});
