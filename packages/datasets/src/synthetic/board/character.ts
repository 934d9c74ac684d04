/** Whether (s, t) lies on the ink of a made-up character: one character in each unit of s, t from -1 to 1. */
export function isInk(s: number, t: number, value: number): boolean {
  const n = Math.floor(s);
  const x = (s - n) * 1.35;
  if (x > 1) return false;
  const code = Math.floor((Math.abs(Math.sin(12.9898 * (n + 1) + 78.233 * value)) * 43758.5453) % 128);
  const ink = 0.3;
  if (t < -1 + ink * 1.3) return (code & 1) !== 0;
  if (t > 1 - ink * 1.3) return (code & 2) !== 0;
  if (Math.abs(t) < ink * 0.7) return (code & 4) !== 0;
  if (x < ink) return (code & (t < 0 ? 8 : 16)) !== 0 || (code & 7) === 0;
  if (x > 1 - ink) return (code & (t < 0 ? 32 : 64)) !== 0;
  return false;
}
