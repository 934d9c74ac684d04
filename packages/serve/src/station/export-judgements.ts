import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Judgements } from './judgements.js';
import { tarEnd, tarHeader, tarPadding } from './tar-header.js';

const places = { good: 'train/good', bad: 'test/bad' } as const;

/**
 * A tar of the judged pictures in the layout of MVTec AD: `<name>/train/good`, `<name>/test/bad`, and the judgements in
 * `<name>/judgements.json`. A file is read when its turn comes.
 */
export async function* exportJudgements(name: string, judgements: Judgements): AsyncGenerator<Uint8Array> {
  const list = judgements.list().map((each) => {
    const path = judgements.pathOf(each.sha256);
    const file = `${places[each.verdict]}/${each.sha256.slice(0, 40)}${extname(path)}`;
    return { ...each, path, file };
  });
  const table = Buffer.from(
    `${JSON.stringify(
      list.map(({ path: _, ...each }) => each),
      null,
      2,
    )}\n`,
  );
  // names of detectors are ASCII of at most 100 characters, and a tar's names have 100 bytes in all
  const folder = name.slice(0, 40);
  const now = Date.now() / 1000;
  yield tarHeader({ name: `${folder}/judgements.json`, size: table.length, time: now });
  yield table;
  yield tarPadding(table.length);
  for (const { path, file, time } of list) {
    const { size } = await stat(path);
    yield tarHeader({ name: `${folder}/${file}`, size, time: Date.parse(time) / 1000 });
    yield* createReadStream(path, { end: Math.max(0, size - 1) }) as AsyncIterable<Uint8Array>;
    yield tarPadding(size);
  }
  yield tarEnd;
}
