export type { Browser, FileChooser, Page } from 'playwright-core';
export { launchChromium, webGpuFlags } from './launch-chromium.js';
export { openPage } from './open-page.js';
export { type Headers, type ServedApp, serveApp } from './serve-app.js';
