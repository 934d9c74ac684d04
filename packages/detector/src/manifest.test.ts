import { expect, test } from 'vitest';
import { tinyConfig } from '../testing/make-detector.js';
import { newManifest, parseManifest } from './manifest.js';

const file = { file: 'unet-1.safetensors', sha256: 'a'.repeat(64), epoch: 1 };
const manifest = newManifest(tinyConfig(), { unet: file, features: file, memory: null });
const text = (changed: object) => JSON.stringify({ ...manifest, ...changed });

test('a manifest is read back as it was', () => {
  expect(parseManifest(JSON.stringify(manifest), 'detector.json')).toEqual(manifest);
});

test('one of before there was a confidence is read', () => {
  const { confidence, ...scoring } = manifest.config.scoring;
  expect(confidence).toBeNull();
  const before = text({ config: { ...manifest.config, scoring } });
  expect(parseManifest(before, 'detector.json')).toEqual(manifest);
});

test('what is wrong with one is named', () => {
  const parse = (changed: object) => () => parseManifest(text(changed), 'there/detector.json');
  expect(() => parseManifest('{', 'there/detector.json')).toThrow(
    /^there\/detector\.json: not JSON; write it/,
  );
  expect(parse({ version: 9 })).toThrow(/needs version 1, got 9; it is from another release/);
  expect(parse({ unet: { ...file, sha256: 1 } })).toThrow(/unet\.sha256: /);
  const { data } = manifest.config;
  expect(parse({ config: { ...manifest.config, data: { ...data, imageSize: 48 } } })).toThrow(
    /transforms: needs \{"size":\[48,48\].*, got \{"size":\[32,32\]/,
  );
});
