/** The built thread: this file lies one folder deep as source, and as what it is built into. */
export const threadEntry = new URL('../dist/worker/thread.js', import.meta.url);
