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

/**
 * What a program can do without, as packages with a fallback do: it may be caught. Where nobody does, it is a leak.
 */
export class Refusal extends Error {
  readonly code = 'ERR_DLOPEN_FAILED';
  readonly call: string;
  readonly remedy: string;
  constructor(call: string, remedy: string) {
    super(`${call} is not there: ${remedy}`);
    this.call = call;
    this.remedy = remedy;
  }
}
