/**
 * - `system`, `workload`, `fault`, `flaw`: the plan names one that was not handed in; `lever`: the world lacks it;
 * - `topology`: too few client hosts; `nemesis`: a fault could not be applied, healed or asked for its evidence.
 */
export type RunErrorCode = 'system' | 'workload' | 'fault' | 'flaw' | 'lever' | 'topology' | 'nemesis';

/** Why a run cannot be made, or went wrong for a reason that is not the system's. The message names place, expectation and value. */
export class RunError extends Error {
  readonly code: RunErrorCode;
  constructor(code: RunErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RunError';
    this.code = code;
  }
}
