// `node --import` this: every file that is opened for reading, also by worker threads, is a line in $READS_LOG.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { appendFileSync } = fs;

function watch(on, name) {
  const own = on[name];
  on[name] = (path, ...rest) => {
    if (typeof path === 'string') appendFileSync(process.env.READS_LOG, `${path}\n`);
    return own.call(on, path, ...rest);
  };
}

for (const name of ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream']) watch(fs, name);
for (const name of ['open', 'readFile']) watch(fs.promises, name);
syncBuiltinESMExports();
