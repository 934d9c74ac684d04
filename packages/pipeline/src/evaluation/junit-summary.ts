import type { CheckedLimit, MetricName } from './check-limits.js';
import { metricNames } from './metric-names.js';
import type { Report } from './report.js';

/**
 * A report as the XML file that build servers read (JUnit's): a test case for each metric, which fails where it is below its
 * limit; what the report says otherwise as properties.
 */
export function junitSummary(report: Report, checked: readonly CheckedLimit[]): string {
  const { dataset, metrics, threshold, thresholdFrom, confusion, engine, seconds } = report;
  const names = (Object.keys(metricNames) as MetricName[]).filter(
    (metric) => metrics[metric] !== undefined || checked.some((limit) => limit.metric === metric),
  );
  const suite = ['ddad', dataset.name, dataset.category].filter(Boolean).join('.');
  const cases = names.map((metric) => {
    const limit = checked.find((each) => each.metric === metric);
    const value = metrics[metric];
    const open = `<testcase${attributes({ classname: suite, name: limit ? `${metric} >= ${limit.least}` : metric, time: 0 })}>`;
    const body =
      limit && !limit.isMet
        ? `<failure${attributes({ type: 'limit', message: `${metricNames[metric]}: ${value ?? 'not reported'}, needs ${limit.least}` })}/>`
        : `<system-out>${escaped(`${metricNames[metric]}: ${value}`)}</system-out>`;
    return `    ${open}${body}</testcase>`;
  });
  const properties = {
    ...{ engine, threshold, thresholdFrom, trainingImages: dataset.train, testImages: dataset.test },
    ...confusion,
  };
  const failures = checked.filter(({ isMet }) => !isMet).length;
  const counts = { tests: names.length, failures, errors: 0, skipped: 0, time: seconds.toFixed(3) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'ddad', ...counts })}>`,
    `  <testsuite${attributes({ name: suite, ...counts })}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property${attributes({ name, value: String(value) })}/>`,
    ),
    '    </properties>',
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As XML text or attribute; control characters, which XML has no way to write, become U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => entities[character])
    .replaceAll(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD');
}
