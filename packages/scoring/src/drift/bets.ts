/** A way to bet on where among earlier scores the next one lies: a probability of its share of higher ones, in [0, 1]. */
export interface Bet {
  direction: 'higher' | 'lower' | 'other';
  /** Its distribution function. */
  cdf: (share: number) => number;
}

const power = (exponent: number) => (share: number) => share ** exponent;
const mirrored = (cdf: Bet['cdf']) => (share: number) => 1 - cdf(1 - share);

/** Few are higher, most are higher, few or most are, neither few nor most are. */
export const bets: readonly Bet[] = [
  { direction: 'higher', cdf: power(0.4) },
  { direction: 'higher', cdf: power(0.7) },
  { direction: 'lower', cdf: mirrored(power(0.4)) },
  { direction: 'lower', cdf: mirrored(power(0.7)) },
  { direction: 'other', cdf: (share) => (2 / Math.PI) * Math.asin(Math.sqrt(share)) },
  { direction: 'other', cdf: (share) => 3 * share ** 2 - 2 * share ** 3 },
];
