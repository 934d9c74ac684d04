import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { verdictOf } from '../../testing/verdict-of.js';
import { VerdictLog } from './verdict-log.js';

const folder = mkdtempSync(join(tmpdir(), 'ddad-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('lines are only added; what a kill left of one is cut off, and an id comes once', async () => {
  const path = join(folder, 'a', 'verdicts.jsonl');
  const log = await VerdictLog.open(path);
  await Promise.all(['one', 'two', 'one', 'three'].map((id) => log.append(verdictOf(id))));
  await log.close();
  const whole = await readFile(path, 'utf8');
  expect(
    whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ).toEqual(['one', 'two', 'three']);
  const torn = JSON.stringify(verdictOf('four'));
  for (let length = 1; length <= torn.length; length += 40) {
    await appendFile(path, torn.slice(0, length));
    const seen: string[] = [];
    const again = await VerdictLog.open(path, ({ id }) => void seen.push(id));
    expect(seen).toEqual(['one', 'two', 'three']);
    expect([again.has('three'), again.has('four'), again.size]).toEqual([true, false, whole.length]);
    await again.close();
    expect(await readFile(path, 'utf8')).toBe(whole);
  }
});

test('lines are followed from a place on, across blocks, as they come', async () => {
  const log = await VerdictLog.open(join(folder, 'b.jsonl'));
  const stop = new AbortController();
  const long = { ...verdictOf('ä'.repeat(40_000)), detector: 'x'.repeat(70_000) };
  await log.append(verdictOf('one'));
  const from = log.size;
  await log.append(long);
  const seen: [string, number][] = [];
  const following = (async () => {
    for await (const { text, end } of log.follow(from, stop.signal)) {
      seen.push([JSON.parse(text).id, end]);
      if (seen.length === 3) stop.abort();
    }
  })();
  await log.append(verdictOf('three'));
  const { size } = log;
  await log.append(verdictOf('four'));
  await following;
  expect(seen.map(([id]) => id)).toEqual([long.id, 'three', 'four']);
  expect(seen[1][1]).toBe(size);
  await log.close();
});

test('a file that is no log is named', async () => {
  const path = join(folder, 'c.jsonl');
  await writeFile(path, '{"a": 1}\n');
  await expect(VerdictLog.open(path)).rejects.toThrow(
    /c\.jsonl: line 1: no verdict, it has no id; move the file/,
  );
  await writeFile(path, 'nonsense\n');
  await expect(VerdictLog.open(path)).rejects.toThrow(/c\.jsonl: line 1: no JSON/);
});
