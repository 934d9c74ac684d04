import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome.exe'];

/** Starts the Chromium of `CHROMIUM_PATH`, or the first one found on the path. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  const executablePath = process.env.CHROMIUM_PATH ?? found;
  if (!executablePath)
    throw new Error('test:browser: needs Chromium on the PATH or in CHROMIUM_PATH, found none');
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}

/** What a Chromium without a GPU needs for WebGPU, on its software driver. */
export const webGpuFlags = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-webgpu-adapter=swiftshader',
];
