import { expect, test } from 'vitest';
import { checkLimits, describeUnmet, parseMetricLimits } from './check-limits.js';
import { junitSummary } from './junit-summary.js';
import type { Report } from './report.js';

test('limits are read, checked and told', () => {
  const limits = parseMetricLimits(['imageAuroc=0.95', 'aupro=0.7', 'pixelAuroc=0.9']);
  const checked = checkLimits({ metrics: { imageAuroc: 0.95, aupro: 0.5 } }, limits);
  expect(checked).toEqual([
    { metric: 'imageAuroc', least: 0.95, value: 0.95, isMet: true },
    { metric: 'pixelAuroc', least: 0.9, value: undefined, isMet: false },
    { metric: 'aupro', least: 0.7, value: 0.5, isMet: false },
  ]);
  expect(describeUnmet(checked)).toBe(
    'below what was asked for: pixelAuroc is not reported, needs 0.9; aupro is 0.5000, needs 0.7',
  );
  expect(describeUnmet(checked.slice(0, 1))).toBeUndefined();
  // rounded it would look as if it were met
  const close = checkLimits({ metrics: { imageAuroc: 0.94999 } }, { imageAuroc: 0.95 });
  expect(describeUnmet(close)).toContain('imageAuroc is 0.94999, needs 0.95');
  expect(checkLimits({ metrics: { imageAuroc: Number.NaN } }, { imageAuroc: 0 })[0].isMet).toBe(false);
});

test.each([
  ['auroc=0.9', /option failUnder: there is no metric "auroc"; there are imageAuroc, /],
  ['toString=0.9', /there is no metric "toString"/],
  ['imageAuroc', /imageAuroc needs a number from 0 to 1, e\.g\. imageAuroc=0\.95, got "imageAuroc"/],
  ['imageAuroc=', /needs a number/],
  ['imageAuroc=95', /needs a number from 0 to 1/],
  ['imageAuroc=-1', /needs a number/],
])('refuses %j', (text, message) => {
  expect(() => parseMetricLimits([text])).toThrow(message);
});

test('a metric twice is refused', () => {
  expect(() => parseMetricLimits(['aupro=0.1', 'aupro=0.2'])).toThrow('aupro is given twice');
});

test('a build server reads which limits are met', () => {
  const report = {
    dataset: { name: 'a <b> & "c"', category: 'line\n2', train: 8, test: 4 },
    ...{
      engine: 'ort',
      threshold: 0.5,
      thresholdFrom: 'calibrated',
      seconds: 1.5,
      notReported: [],
      images: [],
    },
    ...{ metrics: { imageAuroc: 1, aupro: 0.5 }, confusion: { tp: 1, fp: 0, tn: 2, fn: 1 } },
  } as unknown as Report;
  const checked = checkLimits(report, { imageAuroc: 0.9, aupro: 0.7 });
  expect(junitSummary(report, checked)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ddad" tests="2" failures="1" errors="0" skipped="0" time="1.500">
  <testsuite name="ddad.a &lt;b&gt; &amp; &quot;c&quot;.line&#10;2" tests="2" failures="1" errors="0" skipped="0" time="1.500">
    <properties>
      <property name="engine" value="ort"/>
      <property name="threshold" value="0.5"/>
      <property name="thresholdFrom" value="calibrated"/>
      <property name="trainingImages" value="8"/>
      <property name="testImages" value="4"/>
      <property name="tp" value="1"/>
      <property name="fp" value="0"/>
      <property name="tn" value="2"/>
      <property name="fn" value="1"/>
    </properties>
    <testcase classname="ddad.a &lt;b&gt; &amp; &quot;c&quot;.line&#10;2" name="imageAuroc &gt;= 0.9" time="0"><system-out>image AUROC: 1</system-out></testcase>
    <testcase classname="ddad.a &lt;b&gt; &amp; &quot;c&quot;.line&#10;2" name="aupro &gt;= 0.7" time="0"><failure type="limit" message="AUPRO: 0.5, needs 0.7"/></testcase>
  </testsuite>
</testsuites>
`);
});
