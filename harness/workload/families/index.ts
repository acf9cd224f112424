import type { Workload } from '../../contract/index.ts';
import { listAppend } from './list-append.ts';
import { register } from './register.ts';

/** The workloads that come with sixways: one file a family, one line here. */
export const workloads: readonly Workload[] = [register, listAppend];
