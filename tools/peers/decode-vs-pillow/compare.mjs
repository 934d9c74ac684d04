// Decodes the files that generate.py wrote and compares them with what Pillow or tifffile reads from them.
//
//     npm run build -w @ddad/images && node tools/peers/decode-vs-pillow/compare.mjs FOLDER
//
// Exits 1 if one differs, if one that the README names is refused, or if one that it does not name is read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSamples, readImage } from '@ddad/images';

const folder = process.argv[2];
const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};
const counts = {};
const wrong = [];

function compare(name, got, expected, tolerance) {
  if (got.length !== expected.length) return `${name}: ${got.length} values for ${expected.length}`;
  let worst = 0;
  for (let i = 0; i < got.length; i++) {
    const difference = Object.is(got[i], expected[i]) ? 0 : Math.abs(got[i] - expected[i]);
    if (!(difference <= worst)) worst = difference;
  }
  return worst <= tolerance ? undefined : `${name}: differs by up to ${worst}`;
}

async function check({ name, expect, raw, refuse, tolerance }) {
  const file = new Uint8Array(readFileSync(join(folder, name)));
  if (refuse) {
    try {
      const { width, height } = await readImage(file);
      return `is not to be read, gave ${width}x${height} pixels`;
    } catch (error) {
      return /not read|not say|orientation|not a PNG/.test(error.message)
        ? undefined
        : `is refused without a name: ${error.message}`;
    }
  }
  try {
    if (expect) {
      const { data, width, height } = await readImage(file);
      if (width !== expect.width || height !== expect.height) return `is ${width}x${height}`;
      const fault = compare('pixels', data, readFileSync(join(folder, `${name}.rgb`)), tolerance);
      if (fault) return fault;
    }
    if (raw) {
      const bytes = new Uint8Array(readFileSync(join(folder, `${name}.raw`)));
      const { data } = await decodeSamples(file);
      if (data.constructor !== ARRAYS[raw]) return `gave ${data.constructor.name} for ${raw}`;
      const fault = compare('values', data, new ARRAYS[raw](bytes.buffer), 0);
      if (fault) return fault;
    }
  } catch (error) {
    return `is refused: ${error.message}`;
  }
}

for (const each of plan) {
  const format = each.refuse ? 'refused' : each.kind.split(' ')[0];
  counts[format] ??= { files: 0, wrong: 0 };
  counts[format].files++;
  const fault = await check(each);
  if (!fault) continue;
  counts[format].wrong++;
  wrong.push(`${each.name} ${each.kind}: ${fault}`);
}
console.table(counts);
for (const line of wrong.slice(0, 40)) console.log(line);
console.log(
  wrong.length ? `${wrong.length} of ${plan.length} wrong` : `all ${plan.length} as they should be`,
);
process.exitCode = wrong.length ? 1 : 0;
