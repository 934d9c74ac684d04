// Pictures of 4096 x 3072 pixels of a brushed plate with holes, one with a spot of 20 pixels: a detector from good ones, in
// tiles, by the command line, must find the spot and place it, call another good picture good, and not report the spot under
// an ignore mask. Prints times and the largest resident size of each command; exits 1 where something is not as it must be.
//
//     npm run build -w ddad && node tools/endurance/large-picture.mjs [pictures] [folder]
//
// `pictures` good ones to learn from (12), `folder` keeps everything, and pictures that are
// there are taken (a temporary one, which is removed).

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodePng } from '@ddad/images';

const [width, height] = [4096, 3072];
const mebibyte = 2 ** 20;
const limit = 1.5e9;
const spot = { x: 2917, y: 1333, side: 20 };
const count = Number(process.argv[2] ?? 12);
const given = process.argv[3];
const folder = given ?? (await mkdtemp(join(tmpdir(), 'ddad-large-')));
const bin = fileURLToPath(new URL('../../packages/ddad/dist/bin.js', import.meta.url));
const peakFile = join(folder, 'peak');
const preload = new URL('peak-memory.mjs', import.meta.url);
preload.searchParams.set('to', peakFile);
const faults = [];
const must = (holds, what) => {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) faults.push(what);
};

/** Uniform in [0, 1): mulberry32. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A plate that lies and is lit a little differently each time. */
function plate(seed, defect) {
  const random = randomOf(seed);
  const [dx, dy] = [12 * random() - 6, 12 * random() - 6];
  const [tiltX, tiltY, light] = [8 * random() - 4, 8 * random() - 4, 6 * random() - 3];
  const rows = Float32Array.from({ length: height }, () => 14 * random() - 7);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    const brushed = (rows[y] + rows[Math.max(0, y - 1)]) / 2;
    const v = ((((y - dy) % 256) + 256) % 256) - 128;
    for (let x = 0; x < width; x++, at += 3) {
      const u = ((((x - dx) % 256) + 256) % 256) - 128;
      const edge = Math.min(1, Math.max(0, Math.hypot(u, v) - 40));
      let value = 40 + edge * (100 + brushed + (tiltX * x) / width + (tiltY * y) / height + light);
      value += 10 * random() - 5;
      if (defect) {
        const depth = Math.hypot(x - spot.x - 10, y - spot.y - 10);
        if (depth < 10) value *= 0.6;
      }
      data[at] = value;
      data[at + 1] = value * 0.98;
      data[at + 2] = value * 0.95;
    }
  }
  return encodePng({ data, width, height, channels: 3 });
}

async function ddad(...args) {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', preload.href, bin, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const peak = Number(await readFile(peakFile, 'utf8'));
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `     ddad ${args[0]}: ${seconds.toFixed(1)} s, largest resident size ${Math.round(peak / mebibyte)} MiB, exit code ${code}`,
  );
  must(peak < limit, `ddad ${args[0]}: less than ${limit / 1e9} GB`);
  return { code, output };
}

try {
  for (const name of ['good', 'test']) await mkdir(join(folder, name), { recursive: true });
  const write = async (path, seed, defect) => {
    if (!existsSync(join(folder, path))) await writeFile(join(folder, path), plate(seed, defect));
  };
  for (let i = 0; i < count; i++) await write(`good/${i}.png`, 100 + i, false);
  await write('test/good.png', 7, false);
  await write('test/spot.png', 8, true);
  // black where nothing is looked at: 200 pixels around the spot
  const roi = new Uint8Array(width * height).fill(255);
  for (let y = spot.y - 100; y < spot.y + 120; y++) {
    roi.fill(0, y * width + spot.x - 100, y * width + spot.x + 120);
  }
  await writeFile(join(folder, 'roi.png'), encodePng({ data: roi, width, height, channels: 1 }));

  const run = async (name, ...sets) => {
    const out = ['checkpoints', 'results'].map((each) => `--set=output.${each}=${name}/${each}`);
    const { code } = await ddad(
      'run',
      '--root=good',
      '--instant',
      '--overwrite',
      '--set=data.tiles=512',
      ...sets,
      ...out,
    );
    must(code === 0, `ddad run ${sets.join(' ')}: exit code 0`);
    const detected = await ddad(
      'detect',
      'test',
      `--checkpoint=${name}/checkpoints`,
      '--json',
      '--out=overlays',
    );
    const results = detected.output
      .trim()
      .split('\n')
      .flatMap((line) => JSON.parse(line));
    return Object.fromEntries(results.map((each) => [each.path.split(/[/\\]/).at(-1), each]));
  };
  const whole = await run('whole');
  must(!whole['good.png'].isAnomalous, 'the good picture is called good');
  must(whole['spot.png'].isAnomalous, 'the picture with the spot is called anomalous');
  const [region] = whole['spot.png'].regions;
  const box = region?.original;
  console.log(
    `     scores ${whole['good.png'].score.toPrecision(4)} and ${whole['spot.png'].score.toPrecision(4)}, threshold ` +
      `${whole['spot.png'].threshold.toPrecision(4)}; regions ${JSON.stringify(whole['spot.png'].regions.map((each) => each.original))}`,
  );
  must(
    box &&
      box.x < spot.x + 20 &&
      box.x + box.width > spot.x &&
      box.y < spot.y + 20 &&
      box.y + box.height > spot.y,
    `its highest region lies on the spot at ${spot.x}, ${spot.y}`,
  );
  must(box && Math.max(box.width, box.height) <= 80, 'and is no larger than 80 pixels');
  const ignoring = await run('ignoring', '--set=data.roi=roi.png');
  const touched = ignoring['spot.png'].regions.filter(
    ({ original: { x, y, width: w, height: h } }) =>
      x < spot.x + 120 && x + w > spot.x - 100 && y < spot.y + 120 && y + h > spot.y - 100,
  );
  must(!ignoring['spot.png'].isAnomalous, 'with an ignore mask over the spot the picture is called good');
  must(touched.length === 0, 'and no region lies there');
  must(!ignoring['good.png'].isAnomalous, 'the good picture is still called good');
} finally {
  if (given === undefined) await rm(folder, { recursive: true, force: true });
}
process.exitCode = faults.length > 0 ? 1 : 0;
