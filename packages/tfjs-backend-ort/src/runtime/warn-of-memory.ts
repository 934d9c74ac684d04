let warned = false;

/** Says once that frozen variables cannot leave memory: what is computed stays the same. */
export function warnOfMemory(error: Error): undefined {
  if (!warned) {
    console.warn(
      `tfjs-backend-ort: no temporary file for frozen variables (${error.message}); memory holds them up to three ` +
        'times. Set TMPDIR to a folder with room for them.',
    );
  }
  warned = true;
}
