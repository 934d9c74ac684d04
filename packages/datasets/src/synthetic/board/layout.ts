import type { Change } from '../category.js';
import { between, pick, type Random } from '../random.js';
import { type Kind, type Part, SIZES } from './part.js';

/** Where solder joins two pins that it should not. */
export interface Bridge {
  u: number;
  v: number;
  half: number;
}

export interface Layout {
  parts: readonly Part[];
  bridge?: Bridge;
}

const QUARTER = Math.PI / 2;

/** Kind, place and angle of every part of a good board. */
const PLACES: readonly (readonly [Kind, number, number, number])[] = [
  ['chip', -0.12, -0.08, 0],
  ['small chip', 0.5, -0.3, QUARTER],
  ['small chip', 0.48, 0.08, 0],
  ['electrolytic', -0.62, -0.38, 0],
  ['electrolytic', -0.62, -0.12, 0],
  ['crystal', -0.1, 0.2, 0],
  ['header', 0.08, 0.46, 0],
  ['led', -0.62, 0.44, QUARTER],
  ['led', -0.5, 0.44, QUARTER],
  ['led', -0.38, 0.44, QUARTER],
  ['resistor', -0.62, 0.26, QUARTER],
  ['resistor', -0.5, 0.26, QUARTER],
  ['resistor', -0.38, 0.26, QUARTER],
  ['resistor', -0.2, -0.4, 0],
  ['resistor', -0.02, -0.4, 0],
  ['resistor', 0.26, 0.22, 0],
  ['resistor', 0.7, -0.1, QUARTER],
  ['capacitor', 0.16, -0.4, 0],
  ['capacitor', 0.26, -0.16, QUARTER],
  ['capacitor', 0.26, 0.04, QUARTER],
  ['capacitor', -0.42, -0.08, QUARTER],
  ['capacitor', 0.7, 0.16, QUARTER],
  ['capacitor', 0.26, 0.32, 0],
];

/** The parts, each a little off its place as a machine sets them, with the change if there is one. */
export function drawLayout(random: Random, change?: Change): Layout {
  const parts: Part[] = PLACES.map(([kind, u, v, angle]) => ({
    kind,
    place: kind,
    u: u + between(random, -0.007, 0.007),
    v: v + between(random, -0.007, 0.007),
    angle: angle + between(random, -0.05, 0.05),
    value: Math.floor(8 * random()) / 8,
  }));
  if (change?.name === 'missing') pick(change.random, parts).missing = true;
  if (change?.name === 'turned') turn(change.random, parts);
  if (change?.name === 'swapped') swap(change.random, parts);
  return change?.name === 'bridge' ? { parts, bridge: drawBridge(change.random, parts) } : { parts };
}

/** A part that has a polarity the wrong way round, or a small one askew. */
function turn(random: Random, parts: readonly Part[]): void {
  const part = pick(
    random,
    parts.filter(({ kind }) => kind !== 'header' && kind !== 'crystal'),
  );
  const isSmall = part.kind === 'resistor' || part.kind === 'capacitor';
  part.angle += isSmall ? pick(random, [-1, 1]) * between(random, 0.35, QUARTER) : Math.PI;
}

/** A resistor where a capacitor belongs, or the other way round, or both. */
function swap(random: Random, parts: readonly Part[]): void {
  const of = (wanted: Kind) => parts.filter(({ kind }) => kind === wanted);
  const resistor = pick(random, of('resistor'));
  const capacitor = pick(random, of('capacitor'));
  const which = pick(random, ['both', 'resistor', 'capacitor']);
  if (which !== 'capacitor') resistor.kind = 'capacitor';
  if (which !== 'resistor') capacitor.kind = 'resistor';
}

function drawBridge(random: Random, parts: readonly Part[]): Bridge {
  const chip = pick(
    random,
    parts.filter(({ kind }) => kind === 'chip' || kind === 'small chip'),
  );
  const [count, pitch] = chip.kind === 'chip' ? [8, 0.047] : [4, 0.042];
  const a = pitch * (Math.floor(between(random, 1, count)) - count / 2);
  const b = pick(random, [-1, 1]) * (SIZES[chip.kind][1] - between(random, 0, 0.02));
  return {
    u: chip.u + Math.cos(chip.angle) * a - Math.sin(chip.angle) * b,
    v: chip.v + Math.sin(chip.angle) * a + Math.cos(chip.angle) * b,
    half: between(random, 0.018, 0.034),
  };
}
