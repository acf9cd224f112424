import type { Host, Json } from '../../harness/contract/index.ts';
import type { ClientReply, Entry } from '../raft/messages.ts';
import type { StateMachine } from '../raft/state-machine.ts';

/** An instance of a service: where it runs, and its fencing token. */
export type Assignment = {
  readonly service: string;
  readonly agent: string;
  /** The process of the agent: another one does not go on with it. */
  readonly incarnation: number;
  /** Larger than that of every instance before. */
  readonly token: number;
};

/** A new instance, in the place of the one with this token (0: there was none). */
export type Assign = {
  readonly service: string;
  readonly agent: string;
  readonly incarnation: number;
  readonly instead: number;
  /** Only by a fault on purpose: the token, where the log does not count them. */
  readonly token?: number;
};

export type AssignmentsQuestion =
  | { readonly agent: string; readonly incarnation: number }
  | { readonly service: string };

type AssignmentsState = {
  readonly lastToken: number;
  readonly assignments: readonly Assignment[];
};

/**
 * What the control plane's log replicates: which instance of each service is the current one, and the last token. Every instance gets a new token, so that
 * whatever it uses can tell it from those that came before (Burrows, "The Chubby lock service", OSDI 2006, section 2.4: sequencers).
 */
export class Assignments implements StateMachine {
  private readonly host: Pick<Host, 'always'>;
  private lastToken = 0;
  private readonly current = new Map<string, Assignment>();

  constructor(host: Pick<Host, 'always'>) {
    this.host = host;
  }

  refusal(): undefined {
    return undefined;
  }

  apply({ value }: Entry): ClientReply {
    const { service, agent, incarnation, instead, token = this.lastToken + 1 } = value as Assign;
    // Somebody else has replaced it meanwhile.
    if (this.tokenOf(service) !== instead) return { status: 'fail', error: 'replaced' };
    this.host.always(token > this.lastToken, 'every token is larger than those before', {
      service,
      token,
      last: this.lastToken,
    });
    this.lastToken = Math.max(token, this.lastToken);
    this.current.set(service, { service, agent, incarnation, token });
    return { status: 'ok', value: token };
  }

  of(service: string): Assignment | undefined {
    return this.current.get(service);
  }

  tokenOf(service: string): number {
    return this.current.get(service)?.token ?? 0;
  }

  countOf(agent: string): number {
    return [...this.current.values()].filter((assignment) => assignment.agent === agent).length;
  }

  read(question: Json): Json {
    const asked = question as AssignmentsQuestion;
    if ('service' in asked) return this.of(asked.service) ?? null;
    return [...this.current.values()].filter(
      ({ agent, incarnation }) => agent === asked.agent && incarnation === asked.incarnation,
    );
  }

  state(): Json {
    return { lastToken: this.lastToken, assignments: [...this.current.values()] } satisfies AssignmentsState;
  }

  restore(state: Json | undefined): void {
    const { lastToken, assignments } = (state ?? { lastToken: 0, assignments: [] }) as AssignmentsState;
    this.lastToken = lastToken;
    this.current.clear();
    for (const assignment of assignments) this.current.set(assignment.service, assignment);
  }
}
