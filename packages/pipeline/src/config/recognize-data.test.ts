import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from './load-config.js';

let root: string;
const at = (path: string) => join(root, path);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ddad-kinds-'));
  for (const folder of [
    ...['mvtec/bottle/train/good', 'mvtec/bottle/test/good', 'mvtec/bottle/ground_truth'],
    ...['mvtec/cable/train/good', 'mvtec/cable/test/bent', 'btad/01/train/ok', 'btad/01/test/ko'],
    ...['photos/good', 'photos/nok'],
  ]) {
    await mkdir(at(folder), { recursive: true });
  }
});
afterAll(() => rm(root, { recursive: true }));

/** What a configuration comes to, and what was told. */
function data(input: object) {
  const notices: string[] = [];
  const { kind, root, category, name } = loadConfig(
    { data: input },
    { onNotice: (notice) => notices.push(notice) },
  ).data;
  return { kind, root, category, name, notices };
}

test('the kind comes from the folders, and is told', () => {
  for (const kind of [undefined, 'auto']) {
    expect(data({ kind, root: at('photos') })).toEqual({
      ...{ kind: 'folder', root: at('photos'), category: null, name: 'photos' },
      notices: [`${at('photos')}: a folder of your own (kind folder)`],
    });
    expect(data({ kind, root: at('btad') })).toEqual({
      ...{ kind: 'btad', root: at('btad'), category: '01', name: 'btad' },
      notices: [`${at('btad')}: kind btad, category 01, recognised by 01/train/ok`],
    });
    // one category alone
    expect(data({ kind, root: at('mvtec/bottle') })).toMatchObject({
      ...{ kind: 'mvtec', root: at('mvtec'), category: 'bottle' },
    });
    expect(data({ kind, root: at('mvtec'), category: 'cable' })).toMatchObject({
      kind: 'mvtec',
      notices: [],
    });
    expect(data({ kind, root: at('btad'), category: '01' })).toMatchObject({ kind: 'btad' });
  }
});

test('a kind that is given is kept, and a resolved configuration comes back as it is', () => {
  expect(data({ kind: 'folder', root: at('mvtec') })).toMatchObject({ kind: 'folder', notices: [] });
  const config = loadConfig({ data: { root: at('photos') } });
  expect(loadConfig(config)).toEqual(config);
});

test('what is not clear is asked in one line', () => {
  expect(() => data({ root: at('mvtec') })).toThrow(
    /data\.category: .*mvtec has 2 categories: bottle, cable; give data\.category$/,
  );
  expect(() => data({ root: at('gone') })).toThrow(/there is no folder .*gone$/);
  expect(() => data({ kind: 'auto' })).toThrow(/data\.root: needs the folder of the data set/);
});
