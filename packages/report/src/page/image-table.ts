import { encodePng } from '@ddad/images';
import type { Size } from '../check-pixels.js';
import { escapeText } from '../escape.js';
import { formatNumber } from '../format.js';
import { heatMap } from '../heat-map.js';
import type { ReportImage } from '../report-image.js';

/** Which columns of pictures there are. */
export interface Columns {
  reconstruction: boolean;
  mask: boolean;
}

/** One row for each image; pictures are data URIs. */
export function imageTable(images: ReportImage[], range: readonly [number, number]): string {
  const columns: Columns = {
    reconstruction: images.some((i) => i.reconstruction),
    mask: images.some((i) => i.mask),
  };
  const heads = [
    ['name', 'Image'],
    ['score', 'Score'],
  ].map(
    ([key, text]) =>
      `<th scope="col"><button type="button" class="sort" data-sort="${key}">${text}<span class="arrow" aria-hidden="true"></span></button></th>`,
  );
  const pictures = [
    'Input',
    columns.reconstruction ? 'Reconstruction' : '',
    'Heat map',
    columns.mask ? 'Mask' : '',
    'Prediction',
  ]
    .filter(Boolean)
    .map((text) => `<th scope="col">${text}</th>`);
  return (
    `<table id="table"><caption class="hidden">Test images with scores and pictures</caption><thead><tr>${heads.join('')}${pictures.join('')}</tr></thead>` +
    `<tbody>${images.map((image, i) => row(image, { index: i, range, columns })).join('')}</tbody></table>`
  );
}

interface RowContext {
  index: number;
  range: readonly [number, number];
  columns: Columns;
}

function row(image: ReportImage, { index, range, columns }: RowContext): string {
  const { id, score, width, height, input, reconstruction, map, mask } = image;
  const name = escapeText(id);
  const size = { width, height };
  const cells = [
    picture('input', input, { ...size, alt: `input ${name}` }),
    columns.reconstruction
      ? optional('reconstruction', reconstruction, { ...size, alt: `reconstruction of ${name}` })
      : '',
    picture('heat', heatMap(map, { ...size, range }), { ...size, alt: `heat map of ${name}` }),
    columns.mask ? optional('mask', mask && whiteMask(mask), { ...size, alt: `defect mask of ${name}` }) : '',
    `<td class="picture" data-title="Prediction"><canvas width="${width}" height="${height}" role="img" aria-label="prediction"></canvas></td>`,
  ];
  return (
    `<tr data-index="${index}"><th scope="row"><button type="button" class="open" aria-haspopup="dialog" title="Enlarge">${name.replaceAll('/', '/<wbr>')}</button>` +
    `<span class="defect">${escapeText(defectOf(image))}</span></th>` +
    `<td class="score"><b>${formatNumber(score)}</b><span class="verdict"></span></td>${cells.join('')}</tr>`
  );
}

/** The kind of defect an image is filed under. */
export function defectOf({ defect, label }: ReportImage): string {
  return defect || (label === 0 ? 'good' : label === 1 ? 'anomalous' : 'unlabelled');
}

const titles: Record<string, string> = {
  input: 'Input',
  reconstruction: 'Reconstruction',
  heat: 'Heat map',
  mask: 'Mask',
};

function picture(kind: string, pixels: Uint8Array, { width, height, alt }: Size & { alt: string }): string {
  const channels = pixels.length === width * height ? 1 : 3;
  const source = `data:image/png;base64,${base64(encodePng({ data: pixels, width, height, channels }))}`;
  return `<td class="picture" data-title="${titles[kind]}"><img class="${kind}" loading="lazy" decoding="async" width="${width}" height="${height}" alt="${alt}" src="${source}"></td>`;
}

function optional(kind: string, pixels: Uint8Array | undefined, options: Size & { alt: string }): string {
  if (pixels) return picture(kind, pixels, options);
  return `<td class="picture none" data-title="${titles[kind]}"><span>none</span></td>`;
}

function whiteMask(mask: Uint8Array): Uint8Array {
  return mask.map((m) => (m === 0 ? 0 : 255));
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
