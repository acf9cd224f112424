/** A program that cannot be hosted as it is: the user's mistake, in one line that names the place and the remedy. */
export class HostedMistake extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'HostedMistake';
    this.code = code;
  }
}
