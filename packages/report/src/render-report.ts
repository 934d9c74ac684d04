import { regionPixels } from '@ddad/metrics';
import { guidedFilter, guidedRegion } from '@ddad/metrics/regions';
import { checkOptions } from '@ddad/options';
import { checkReport } from './check-report.js';
import { escapeText, scriptJson } from './escape.js';
import { formatName, formatNumber, formatSeconds } from './format.js';
import { charts, scoreRange } from './page/charts.js';
import { type ClientData, client } from './page/client.js';
import { defectOf, imageTable } from './page/image-table.js';
import { metricsTable } from './page/metrics-table.js';
import { style } from './page/style.js';
import { palette } from './palette.js';
import { rangeOf } from './quantize.js';
import type { ReportImage } from './report-image.js';
import type { ReportOptions } from './report-options.js';

/**
 * A report as one HTML text that needs nothing else: metrics beside baselines, curves, and a table of all images
 * with input, reconstruction, heat map, mask and the prediction at a threshold that a slider moves. It opens from
 * a file, makes no request, and works by keyboard and screen reader. Pictures are PNG data, so its size is about
 * 1.4 times that of the pictures.
 * @throws if there is no image, an array does not match its size, or a score, map value or threshold is not finite
 */
export function renderReport(options: ReportOptions): string {
  checkOptions('renderReport', options, {
    title: true,
    images: true,
    threshold: true,
    mapRange: true,
    side: true,
    metrics: true,
    baselines: true,
    timing: true,
    config: true,
    curves: true,
    calibrationScores: true,
    notes: true,
  });
  checkReport(options);
  const { title, images, threshold, side, mapRange = rangeOf(images.map((i) => i.map)) } = options;
  const data: ClientData = {
    images: images.map((image) => ({
      name: image.id,
      defect: defectOf(image),
      label: image.label ?? -1,
      score: image.score,
    })),
    threshold,
    range: mapRange,
    side,
    palette: Array.from(
      { length: 256 },
      (_, i) => (palette[3 * i] << 16) | (palette[3 * i + 1] << 8) | palette[3 * i + 2],
    ),
  };
  const svgs = charts(options).map((svg) => `<div>${svg}</div>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<link rel="icon" href="data:,">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#images">Skip to the images</a>
<header>
<h1>${escapeText(title)}</h1>
<p class="dim">${escapeText(summary(images))}</p>
${(options.notes ?? []).map((note) => `<p>${escapeText(note)}</p>`).join('\n')}
</header>
<main>
${metricsTable(options)}
<section aria-labelledby="charts"><h2 id="charts">Curves</h2><div class="charts">${svgs.join('')}</div></section>
${thresholdBar(images, threshold)}
<section aria-labelledby="images"><h2 id="images" tabindex="-1">Images</h2>
${filters(images)}
<p>${legend(images, mapRange)}</p>
${imageTable(images, mapRange)}
<p id="empty" class="dim" hidden>No image matches these filters.</p>
</section>
${timingTable(options.timing)}
${configBlock(options.config)}
</main>
<footer>Made with DDAD. This file is self-contained.</footer>
${viewer}
<noscript><p>The slider, the filters and the predictions need JavaScript; the pictures and curves do not.</p></noscript>
<script>(${client.toString()})(${scriptJson(data)}, { regionPixels: ${regionPixels.toString()}, guidedRegion: ${guidedRegion.toString()}, guidedFilter: ${guidedFilter.toString()} });</script>
</body>
</html>
`;
}

function summary(images: ReportImage[]): string {
  const counts = new Map<string, number>();
  for (const image of images) counts.set(defectOf(image), (counts.get(defectOf(image)) ?? 0) + 1);
  const kinds = [...counts]
    .sort(([a], [b]) => Number(b === 'good') - Number(a === 'good') || (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} ${kind}`);
  return `${images.length} image${images.length === 1 ? '' : 's'}: ${kinds.join(', ')}`;
}

function thresholdBar(images: ReportImage[], threshold: number): string {
  const [low, high] = scoreRange(images, threshold);
  const some = (label: 0 | 1 | undefined) => images.some((image) => image.label === label);
  const labelled = [
    ['tp', 'Detected'],
    ['fn', 'Missed'],
    ['fp', 'False alarms'],
    ['tn', 'Passed'],
  ];
  const unlabelled = [
    ['flagged', 'Anomalous (no label)'],
    ['passed', 'Normal (no label)'],
  ];
  const entries = [...(some(0) || some(1) ? labelled : []), ...(some(undefined) ? unlabelled : [])];
  const counts = entries.map(([key, text]) => `<div><dt>${text}</dt><dd id="count-${key}">–</dd></div>`);
  if (some(0) && some(1)) {
    counts.push(
      '<div><dt>Precision</dt><dd id="precision">–</dd></div><div><dt>Recall</dt><dd id="recall">–</dd></div>',
    );
  }
  return (
    `<section class="bar" aria-label="Threshold"><div><div class="threshold-control"><label for="slider">Threshold</label>` +
    `<input type="range" id="slider" min="${low}" max="${high}" step="any" value="${threshold}">` +
    `<input type="number" id="number" step="any" value="${formatNumber(threshold)}" aria-label="threshold as a number">` +
    `<button type="button" class="plain" id="reset" title="Back to ${formatNumber(threshold)}">Reset</button></div>` +
    `<dl class="counts" aria-live="polite">${counts.join('')}</dl></div></section>`
  );
}

function filters(images: ReportImage[]): string {
  const kinds = [...new Set(images.map(defectOf))].sort();
  const option = (value: string, text: string) =>
    `<option value="${escapeText(value)}">${escapeText(text)}</option>`;
  const outcomes = images.some((image) => image.label !== undefined)
    ? [
        ['wrong', 'mistakes'],
        ['fn', 'missed'],
        ['fp', 'false alarms'],
        ['tp', 'detected'],
        ['tn', 'passed'],
      ]
    : [
        ['flagged', 'anomalous'],
        ['passed', 'normal'],
      ];
  const orders = [
    ['score-down', 'score, highest first'],
    ['score-up', 'score, lowest first'],
    ['name-up', 'name'],
    ['name-down', 'name, reversed'],
    ['defect-up', 'defect'],
  ];
  return (
    `<div class="filters"><label>Defect <select id="defect">${option('', 'all')}${kinds.map((k) => option(k, k)).join('')}</select></label>` +
    `<label>Outcome <select id="outcome">${option('all', 'all')}${outcomes.map(([v, t]) => option(v, t)).join('')}</select></label>` +
    `<label>Order <select id="order">${orders.map(([v, t]) => option(v, t)).join('')}</select></label>` +
    `<span id="shown" class="dim" role="status"></span></div>`
  );
}

function legend(images: ReportImage[], [low, high]: readonly [number, number]): string {
  const stops = [0, 64, 128, 192, 255].map((i) => `rgb(${palette.slice(3 * i, 3 * i + 3).join(' ')})`);
  const truth = images.some((image) => image.mask)
    ? '<span class="key"><i style="border-color:#56e0ff"></i>outline of the mask</span>'
    : '';
  return (
    `<span class="key">heat map ${formatNumber(low)} <span class="ramp" style="background:linear-gradient(90deg,${stops.join(',')})"></span> ${formatNumber(high)}</span>` +
    `<span class="key"><i style="border-color:#ff7814;background:#ff781455"></i>predicted at the threshold</span>${truth}`
  );
}

function timingTable(timing: ReportOptions['timing'] = {}): string {
  const rows = Object.entries(timing).map(
    ([name, seconds]) =>
      `<tr><th scope="row">${escapeText(formatName(name))}</th><td>${formatSeconds(seconds)}</td></tr>`,
  );
  if (rows.length === 0) return '';
  return `<section aria-labelledby="timing"><h2 id="timing">Timing</h2><table class="numbers"><tbody>${rows.join('')}</tbody></table></section>`;
}

function configBlock(config: unknown): string {
  if (config === undefined) return '';
  return `<section aria-labelledby="config"><h2 id="config">Configuration</h2><details><summary>Show</summary><pre>${escapeText(JSON.stringify(config, null, 2))}</pre></details></section>`;
}

const viewer =
  '<dialog id="viewer" aria-labelledby="viewer-name"><header><div><h2 id="viewer-name"></h2><p id="viewer-text" class="dim"></p></div>' +
  '<button type="button" class="plain" id="viewer-previous">← Previous</button><button type="button" class="plain" id="viewer-next">Next →</button>' +
  '<button type="button" class="plain" id="viewer-close">Close</button></header><div id="viewer-figures"></div></dialog>';
