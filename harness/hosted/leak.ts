/**
 * A program reached past its simulated machine, by a way that would make the run depend on the machine it runs on. The run ends with it,
 * whatever the program catches: it is the user's to remove, by the remedy that the message names.
 */
export class Leak extends Error {
  /** As for systems written against `Host`: the command line knows it as the user's mistake. */
  readonly code = 'ambient-access';
  constructor(call: string, host: string, remedy: string) {
    super(`${call} was used by the program on host ${host}: ${remedy}`);
    this.name = 'AmbientAccess';
  }
}
