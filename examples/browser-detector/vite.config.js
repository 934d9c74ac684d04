import { defineConfig } from 'vite';

// Cross-origin isolation gives WebAssembly its threads; without these headers the page works with one.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  build: { target: 'esnext', chunkSizeWarningLimit: 2000 },
  server: { headers },
  preview: { headers },
  // they find their WebAssembly beside their own files
  optimizeDeps: { exclude: ['tfjs-backend-ort', 'onnxruntime-web'] },
});
