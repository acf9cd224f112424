/** `sixways/hosted`: systems made of unmodified Node programs. */
export {
  type HostedProgram,
  type HostedSystem,
  hosted,
  type Place,
  type SimulatedProgram,
} from './hosted.ts';
