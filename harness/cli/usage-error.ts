/** Exit codes of every command. */
export const Exit = {
  valid: 0,
  invalid: 1,
  unknown: 2,
  /** Bad usage: an unknown flag, a malformed plan or history, a system that does not load. */
  usage: 64,
  /** A defect in sixways itself. */
  defect: 70,
} as const;

/** The user's mistake: printed as one message without a stack, exit code 64. */
export class UsageError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'UsageError';
    this.code = code;
  }
}
