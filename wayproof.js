#!/usr/bin/env node
// Starts the TypeScript as it is; everything else is in main.ts.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
await main(process.argv);
