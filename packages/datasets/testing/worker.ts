/** The built worker: the sources lie in another folder. */
export const worker = new URL('../dist/decode-worker.js', import.meta.url);
