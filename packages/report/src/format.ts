/** Four significant digits, no exponent for everyday magnitudes: 0.9731, 12.35, 3120. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', '∞').replace('NaN', '–');
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** A share with four decimals, so that columns line up: 0.9731. */
export function formatMetric(value: number): string {
  return Number.isFinite(value) && Math.abs(value) <= 1 ? value.toFixed(4) : formatNumber(value);
}

/** 0.42 s, 12.3 s, 3 min 5 s, 1 h 2 min. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const acronyms: Record<string, string> = {
  auroc: 'AUROC',
  aupro: 'AUPRO',
  aupimo: 'AUPIMO',
  pro: 'PRO',
  f1: 'F1',
  ap: 'AP',
  ddad: 'DDAD',
};

/** A key as words: `imageAuroc` -> `Image AUROC`, `pixel_f1_max` -> `Pixel F1 max`. */
export function formatName(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_]+/)
    .map((word) => acronyms[word.toLowerCase()] ?? (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word));
  const name = words.join(' ');
  return name.charAt(0).toUpperCase() + name.slice(1);
}
