#!/usr/bin/env node
import { main } from '@ddad/cli';

process.exitCode = await main();
