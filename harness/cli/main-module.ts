import { fileURLToPath } from 'node:url';

/** The compiled command, for what must happen in a new process. */
export const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
