import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeAbandoned } from './remove-abandoned.js';

test('removes what dead processes left, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ddad-abandoned-'));
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const kept = [
    `state.safetensors.${process.pid}.tmp`,
    'state.safetensors',
    'notes.tmp',
    `notes.txt.${dead}.tmp`,
  ];
  for (const name of [
    ...kept,
    `state.safetensors.${dead}.tmp`,
    `unet-3.safetensors.${dead}.tmp`,
    `.ddad-${dead}.tmp`,
  ])
    writeFileSync(join(folder, name), '');
  await removeAbandoned(folder);
  expect(readdirSync(folder).sort()).toEqual(kept.sort());
});
