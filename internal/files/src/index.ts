export { makeFolder } from './make-folder.js';
export { replaceFile } from './replace-file.js';
export { WriteError, writeError, writeReason } from './write-error.js';
