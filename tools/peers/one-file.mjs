// One `.ddad` file in Node, in Chromium (examples/browser-detector) and in Python (examples/python): the same scores and
// verdicts. Needs Chromium and a Python with onnxruntime, numpy and pillow.
// Usage: node tools/peers/one-file.mjs [--python python3]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { detectFiles, exportDetector, run, synthesize } from '@ddad/pipeline';
import { launchChromium } from '@ddad/testing/browser';
import { build, preview } from 'vite';

const { values } = parseArgs({ options: { python: { type: 'string', default: 'python3' } } });
const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'ddad-one-file-'));
const counts = { train: 40, testGood: 5, testDefect: 7 };
const { root } = await synthesize({
  out: join(folder, 'data'),
  category: 'weave',
  seed: 3,
  size: 192,
  counts,
});
const test = join(root, 'weave', 'test');
const names = await readdir(test, { recursive: true });
const images = names
  .filter((name) => name.endsWith('.png'))
  .sort()
  .map((name) => join(test, name));

for (const instant of [true, false]) {
  const checkpoints = join(folder, `detector-${instant}`);
  const output = { checkpoints, results: join(folder, 'results'), report: false };
  await run(
    {
      data: { kind: 'mvtec', root, category: 'weave', imageSize: 128 },
      features: { weights: 'embedded' },
      model: { imageSize: 64 },
      memory: { vectors: 1000 },
      training: { budget: null, steps: 40, batchSize: 4 },
      output,
    },
    { instant },
  );
  const bundle = join(folder, `detector-${instant}.ddad`);
  await exportDetector(checkpoints, { bundle, withOnnx: true });
  const node = [];
  for await (const { score, isAnomalous } of detectFiles(images, { checkpoint: bundle, engine: 'ort' })) {
    node.push({ score, isAnomalous });
  }
  const python = inPython(bundle);
  const browser = await inBrowser(bundle);
  const worst = (others) => Math.max(...others.map(({ score }, i) => Math.abs(score / node[i].score - 1)));
  for (const others of [python, browser]) {
    assert.deepEqual(
      others.map(({ isAnomalous }) => isAnomalous),
      node.map(({ isAnomalous }) => isAnomalous),
    );
  }
  assert(worst(python) < 1e-4 && worst(browser) < 1e-3);
  const anomalous = node.filter(({ isAnomalous }) => isAnomalous).length;
  console.log(
    `${instant ? 'by its memory alone' : 'with its UNet'}: ${images.length} pictures, ${anomalous} anomalous, the same everywhere; ` +
      `scores differ from Node's by ${worst(python).toExponential(1)} in Python, ${worst(browser).toExponential(1)} in Chromium`,
  );
}
await rm(folder, { recursive: true });

function inPython(bundle) {
  const python = (script, ...args) =>
    execFileSync(values.python, [join(examples, 'python', script), bundle, ...args], { encoding: 'utf8' });
  console.log(python('check.py').trim());
  return python('detect.py', ...images)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ score, verdict }) => ({ score, isAnomalous: verdict === 'anomalous' }));
}

async function inBrowser(bundle) {
  const root = join(examples, 'browser-detector');
  const outDir = join(folder, 'page');
  await build({ root, logLevel: 'error', publicDir: false, build: { outDir, emptyOutDir: true } });
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls.local[0]}?engine=ort`);
  await page.setInputFiles('#files', bundle);
  await page.getByText('Ready').waitFor();
  await page.setInputFiles('#files', images);
  await page.waitForFunction((count) => window.found.length === count, images.length, { timeout: 120_000 });
  const found = await page.evaluate(() => window.found);
  await browser.close();
  await server.close();
  return found;
}
