import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { receiver } from '../../testing/receiver.js';
import { verdictOf } from '../../testing/verdict-of.js';
import { openSinks } from './open-sinks.js';

const root = mkdtempSync(join(tmpdir(), 'ddad-webhook-'));
afterAll(() => rmSync(root, { recursive: true }));

test('every verdict arrives in order, once, whatever the receiver says at first; a refusal is kept', async () => {
  const folder = join(root, 'a');
  const notices: string[] = [];
  const to = await receiver((id, attempt) => (id === 'b' ? 422 : id === 'c' && attempt < 3 ? 503 : 204));
  const webhook = { url: `http://127.0.0.1:${to.port}/in`, headers: { authorization: 'Bearer x' } };
  const sinks = await openSinks({ folder, webhook, onNotice: (notice) => void notices.push(notice) });
  for (const id of ['a', 'b', 'c', 'd', 'a']) await sinks.put(verdictOf(id));
  await sinks.drained();
  expect(sinks.waiting()).toEqual({ webhook: 0 });
  await sinks.close();
  expect(to.taken).toEqual(['a', 'c', 'd']);
  expect(Object.fromEntries(to.attempts)).toEqual({ a: 1, b: 1, c: 3, d: 1 });
  expect(to.headers[0]).toMatchObject({ 'idempotency-key': 'a', authorization: 'Bearer x' });
  expect(JSON.parse(await readFile(join(folder, 'webhook.refused.jsonl'), 'utf8')).id).toBe('b');
  expect(notices).toEqual([
    expect.stringMatching(/^webhook: http:.* answers 422: b\.png is kept in webhook\.refused\.jsonl$/),
    expect.stringMatching(/^webhook: http:.* answers 503; it is tried again/),
  ]);
  to.close();
});

test('what a receiver that is away has not had, it gets after a restart', async () => {
  const folder = join(root, 'b');
  const first = await receiver(() => 200);
  const webhook = { url: `http://127.0.0.1:${first.port}/` };
  let sinks = await openSinks({ folder, webhook });
  await sinks.put(verdictOf('a'));
  await sinks.drained();
  first.close();
  await sinks.put(verdictOf('b'));
  await sinks.close();
  const second = await receiver(() => 200, first.port);
  sinks = await openSinks({ folder, webhook });
  await sinks.put(verdictOf('c'));
  await sinks.drained();
  await sinks.close();
  expect(first.taken).toEqual(['a']);
  expect(second.taken).toEqual(['b', 'c']);
  second.close();
  await writeFile(join(folder, 'webhook.cursor.json'), '{"delivered": 1e9}');
  sinks = await openSinks({ folder, webhook });
  await expect(sinks.drained()).rejects.toThrow(/webhook\.cursor\.json: needs a place in verdicts\.jsonl/);
  await sinks.close();
});

test('addresses that cannot be are refused', async () => {
  const open = (options: object) => openSinks({ folder: join(root, 'c'), ...options });
  await expect(open({ webhook: { url: 'ftp://x' } })).rejects.toThrow(
    /webhook: needs an http or https address/,
  );
  await expect(open({ mqtt: { url: 'http://x' } })).rejects.toThrow(/mqtt: needs an mqtt, mqtts, ws or wss/);
  await expect(open({ mqtt: { url: 'mqtt://x', topic: 'a/#' } })).rejects.toThrow(/topic without # and \+/);
});
