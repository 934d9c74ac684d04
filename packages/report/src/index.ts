export { encodePng } from '@ddad/images';
export { type CurveOptions, curveSvg, type Series } from './curve-svg.js';
export { type HeatMapOptions, heatMap } from './heat-map.js';
export { type HistogramGroup, type HistogramOptions, histogramSvg } from './histogram-svg.js';
export { type OverlayOptions, overlay } from './overlay.js';
export { type PanelOptions, panel, type RgbImage } from './panel.js';
export { type IndexCategory, type IndexOptions, renderIndex } from './render-index.js';
export { renderReport } from './render-report.js';
export type { ReportImage, ReportOptions } from './report-options.js';
