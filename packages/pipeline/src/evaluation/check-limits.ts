import { UserError } from '@ddad/detector';
import type { Metrics } from './measure.js';
import { metricNames } from './metric-names.js';

export type MetricName = keyof Metrics;

/** What a metric has to be at least. */
export type MetricLimits = Partial<Record<MetricName, number>>;

export interface CheckedLimit {
  metric: MetricName;
  least: number;
  /** Undefined where it is not reported. */
  value: number | undefined;
  isMet: boolean;
}

/**
 * Limits as they are asked for on a command line: `imageAuroc=0.95`.
 *
 * @throws {UserError} no such metric, no number from 0 to 1, a metric twice
 */
export function parseMetricLimits(texts: readonly string[]): MetricLimits {
  const limits: MetricLimits = {};
  for (const text of texts) {
    const [, metric = text, number] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const fail = (problem: string, remedy?: string): never => {
      throw new UserError(`option failUnder: ${problem}`, { code: 'option', remedy });
    };
    if (!Object.hasOwn(metricNames, metric)) {
      fail(
        `there is no metric ${JSON.stringify(metric)}`,
        `there are ${Object.keys(metricNames).join(', ')}`,
      );
    }
    const least = Number(number);
    if (number === undefined || number.trim() === '' || !(least >= 0 && least <= 1)) {
      fail(`${metric} needs a number from 0 to 1, e.g. ${metric}=0.95, got ${JSON.stringify(text)}`);
    }
    if (limits[metric as MetricName] !== undefined) fail(`${metric} is given twice`);
    limits[metric as MetricName] = least;
  }
  return limits;
}

/** Compares metrics with limits; one that is not reported meets none. */
export function checkLimits({ metrics }: { metrics: Metrics }, limits: MetricLimits): CheckedLimit[] {
  return (Object.keys(metricNames) as MetricName[]).flatMap((metric) => {
    const least = limits[metric];
    const value = metrics[metric];
    return least === undefined
      ? []
      : [{ metric, least, value, isMet: value !== undefined && value >= least }];
  });
}

/** Which limits are not met, as one line; undefined where all are. */
export function describeUnmet(checked: readonly CheckedLimit[]): string | undefined {
  const unmet = checked.filter(({ isMet }) => !isMet);
  if (!unmet.length) return undefined;
  const each = unmet.map(({ metric, least, value }) =>
    value === undefined
      ? `${metric} is not reported, needs ${least}`
      : `${metric} is ${shown(value, least)}, needs ${least}`,
  );
  return `below what was asked for: ${each.join('; ')}`;
}

/** Four digits, or as many as tell it from the limit. */
function shown(value: number, least: number): string {
  const short = value.toFixed(4);
  return Number(short) < least ? short : String(value);
}
