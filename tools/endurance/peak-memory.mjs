// Preloaded (node --import '<address of this file>?to=<path>'): writes the largest resident size of the process, bytes, to that file.
import { writeFileSync } from 'node:fs';

const to = new URL(import.meta.url).searchParams.get('to');
process.on('exit', () => writeFileSync(to, `${process.resourceUsage().maxRSS * 1024}`));
