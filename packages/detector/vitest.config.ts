import { defineConfig } from 'vitest/config';

// files share a process: most of their time was loading the same modules again
export default defineConfig({ test: { isolate: false } });
