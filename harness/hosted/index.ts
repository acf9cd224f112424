/** `sixways/hosted`: systems made of unmodified Node programs. */
export type { Edit } from './bundle/edits.ts';
export {
  type HostedProgram,
  type HostedSystem,
  hosted,
  type Place,
  type SimulatedProgram,
} from './hosted.ts';
