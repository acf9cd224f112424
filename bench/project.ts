import { join } from 'node:path';

const inDist = import.meta.dirname.endsWith(join('dist', 'bench'));

/** The folder of the project, whether this runs compiled or not. */
export const PROJECT: string = join(import.meta.dirname, inDist ? '../..' : '..');
