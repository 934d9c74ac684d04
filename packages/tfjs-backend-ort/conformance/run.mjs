// Runs tfjs-core's own test-suite against this backend and compares with exclusions.json. Fails where a spec outside
// that list fails, where one in it passes (unless that depends on the processor) or is gone, and where fewer than 97 % pass.
// Usage: node conformance/run.mjs [--filter text]
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';

const LEAST_SPECS = 4200;
const LEAST_SHARE = 0.97;

const { values: options } = parseArgs({ options: { filter: { type: 'string' } } });
const exclusions = JSON.parse(await readFile(join(import.meta.dirname, 'exclusions.json'), 'utf8'));

const Jasmine = createRequire(import.meta.url)('jasmine');
const jasmine = new Jasmine({ projectBaseDir: import.meta.dirname });
jasmine.exitOnCompletion = false;
jasmine.randomizeTests(false);
jasmine.clearReporters();
const specs = [];
jasmine.addReporter({ specDone: (spec) => specs.push(spec) });

const start = performance.now();
await import(await bundle());
const { log, warn } = console;
const onCpu = new Set();
Object.assign(console, {
  log() {}, // tfjs's debug mode
  warn(text) {
    const [, kernel] = /kernel (\w+) runs on tfjs's cpu/.exec(text) ?? [];
    if (kernel) onCpu.add(kernel);
  },
});
await new Promise((resolve) => {
  const specFilter = (spec) => !options.filter || spec.getFullName().includes(options.filter);
  jasmine.env.configure({ specFilter });
  jasmine.env.execute(null, resolve);
});
Object.assign(console, { log, warn });

const run = specs.filter(({ status }) => status === 'passed' || status === 'failed');
const passed = run.filter(({ status }) => status === 'passed');
const failed = run.filter(({ status, fullName }) => status === 'failed' && !(fullName in exclusions));
const excluded = run.filter(({ status, fullName }) => status === 'failed' && fullName in exclusions);
const skipped = specs.filter(({ status }) => status === 'pending');
const stillFail = new Set(excluded.map(({ fullName }) => fullName));
const mayPass = (name) =>
  exclusions[name].dependsOnProcessor && passed.some(({ fullName }) => fullName === name);
const stale = options.filter
  ? []
  : Object.keys(exclusions).filter((name) => !stillFail.has(name) && !mayPass(name));

for (const { fullName, failedExpectations } of failed) {
  console.log(`FAILED    ${fullName}`);
  for (const { message } of failedExpectations) console.log(`          ${message.slice(0, 600)}`);
}
for (const name of stale)
  console.log(`STALE     ${name}: it passes, or no longer exists; take it off the list`);
for (const name of stillFail) console.log(`excluded  ${name}: ${exclusions[name].reason}`);
console.log(`fell back to tfjs's cpu in some spec: ${[...onCpu].sort().join(', ')}`);
const share = passed.length / run.length;
console.log(
  `tfjs-core's test-suite on ort: ${passed.length} passed, ${failed.length} failed, ${excluded.length} excluded, ` +
    `${skipped.length} switched off by tfjs itself; ${(100 * share).toFixed(2)} % passed, ` +
    `${((performance.now() - start) / 1000).toFixed(1)} s`,
);
const tooFew = !options.filter && (run.length < LEAST_SPECS || share < LEAST_SHARE);
if (tooFew) console.log(`FAILED    needs at least ${LEAST_SPECS} specs and ${100 * LEAST_SHARE} % passed`);
process.exit(failed.length > 0 || stale.length > 0 || tooFew ? 1 : 0);
