export { type CallPipOptions, callPip, pipDownload } from './call-pip.js';
export { acquireLock, type FolderLock, LockedError } from './lock/acquire-lock.js';
export { isRunning } from './lock/owner.js';
export { makeFolder } from './make-folder.js';
export { replaceFile } from './replace-file.js';
export { WriteError, writeError, writeReason } from './write-error.js';
