import {
  isObservation,
  isOperation,
  type Json,
  type Observation,
  type OperationPair,
  OperationPairing,
} from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { Reports } from '../shared/reports.ts';
import { asObject } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, inWords, list, ofKey, seconds } from '../shared/words.ts';
import { streaming } from '../streaming.ts';
import { Clients } from './clients.ts';

export interface LeaderElectionOptions {
  /** The kind of the notes in which a host says that it leads. */
  readonly note?: string;
  /** The property of such a note that says for which term; also what other systems call view, epoch or ballot. */
  readonly term?: string;
}

/** Somebody leads in a term: as the leader itself says, or another host says of it, or a client was told. */
interface Claim {
  readonly leader: string;
  readonly operations: readonly number[];
  readonly noted?: Observation;
  readonly elected?: OperationPair;
}

/**
 * At most one leader in each term. Claims are the hosts' notes (kind `leader`, data `{term}`; a property `leader` may name another host), and
 * acknowledged operations `elect` -> term, which make their client the leader (of the key, if there is one). Leaders of different terms may well overlap in time.
 *
 * A client that goes on under a new process number after an indeterminate operation is taken for the same one where that is possible.
 * Unknown if nobody is known to have led in any term. A stream keeps one claim for each leader of each term, and two numbers for each process.
 */
export const leaderElection: Checker<LeaderElectionOptions> = streaming({
  name: 'leader-election',
  summary: 'at most one leader in each term, as hosts note it or clients are told',
  cost: 'O(n)',
  options: {
    type: 'object',
    properties: {
      note: {
        description: 'kind of the notes in which a host says that it leads',
        type: 'string',
        default: 'leader',
      },
      term: {
        description: 'property of such a note that says for which term',
        type: 'string',
        default: 'term',
      },
    },
    additionalProperties: false,
  },
  stream({ note = 'leader', term = 'term' }) {
    const clients = new Clients();
    const pairing = new OperationPairing();
    const noted: Terms = new Map();
    const elected: Terms = new Map();
    let notesWithoutTerm = 0;
    return {
      event(event) {
        if (isOperation(event)) {
          clients.event(event);
          const pair = pairing.event(event);
          if (pair !== undefined) enterElection(elected, pair, clients);
        } else if (isObservation(event) && event.type === 'note' && event.kind === note) {
          // `false`: it no longer leads.
          if (!enterNote(noted, event, term) && event.data !== false) notesWithoutTerm++;
        }
      },
      finish() {
        const reports = new Reports();
        const figures = { claims: 0, terms: 0, contestedTerms: 0 };
        for (const [key, claimsOf] of [...noted, ...elected]) {
          for (const { value, claims } of claimsOf.values()) {
            figures.terms++;
            figures.claims += claims.length;
            // Elections were entered when they completed.
            const [first, ...rest] = claims.sort((a, b) => a.operations[0]! - b.operations[0]!);
            const others = rest.filter((claim) => contradicts(clients, first!, claim));
            if (first === undefined || others.length === 0) continue;
            figures.contestedTerms++;
            const named = `${term === 'term' ? 'Term' : term} ${inWords(value)}`;
            reports.add('two-leaders', () => twoLeaders(named, value, key, [first, ...others]));
          }
        }
        const reason =
          figures.claims > 0 ? undefined : `no host noted "${note}" with a ${term}, and no elect succeeded`;
        return verdictOf(
          'leader-election',
          { anomalies: reports.anomalies, reason },
          { ...figures, ...(notesWithoutTerm > 0 && { notesWithoutTerm }) },
        );
      },
    };
  },
});

function twoLeaders(
  named: string,
  term: Json,
  key: string | number | undefined,
  claims: readonly Claim[],
): Omit<Anomaly, 'name'> {
  return {
    ...(key !== undefined && { key }),
    explanation: `${named}${ofKey(key)} has more than one leader: ${list(claims.map(wordsOf))}.`,
    operations: [...new Set(claims.flatMap(({ operations }) => operations))].sort((a, b) => a - b),
    data: { term, leaders: [...new Set(claims.map(({ leader }) => leader))] },
  };
}

function wordsOf({ leader, noted, elected }: Claim): string {
  if (elected !== undefined) return describeOperation(elected);
  if (noted === undefined) return leader;
  const { host, time } = noted;
  return `${leader === host ? `${leader} said so of itself` : `${host} said so of ${leader}`} at ${seconds(time)}`;
}

/** By key and term: the claims, one for each leader. */
type Terms = Map<
  string | number | undefined,
  Map<Identity, { readonly value: Json; readonly claims: Claim[] }>
>;

function enter(terms: Terms, key: string | number | undefined, value: Json, claim: Claim): void {
  let ofKey = terms.get(key);
  if (ofKey === undefined) {
    ofKey = new Map();
    terms.set(key, ofKey);
  }
  const identity = identityOf(value);
  const known = ofKey.get(identity);
  if (known === undefined) ofKey.set(identity, { value, claims: [claim] });
  else if (!known.claims.some(({ leader }) => leader === claim.leader)) known.claims.push(claim);
}

/** False if the note names no term. */
function enterNote(terms: Terms, note: Observation, name: string): boolean {
  const data = asObject(note.data);
  const value = data?.[name];
  if (value === undefined || value === null) return false;
  const named = data?.leader;
  const leader = typeof named === 'string' ? named : note.host;
  enter(terms, undefined, value, { leader, operations: [note.index], noted: note });
  return true;
}

function enterElection(terms: Terms, pair: Required<OperationPair>, clients: Clients): void {
  const { invocation, completion } = pair;
  if (invocation.f !== 'elect' || completion.type !== 'ok' || completion.value === null) return;
  enter(terms, invocation.key, completion.value, {
    leader: clients.nameOf(invocation),
    operations: [invocation.index, completion.index],
    elected: pair,
  });
}

function contradicts(clients: Clients, a: Claim, b: Claim): boolean {
  if (a.leader === b.leader) return false;
  if (a.elected === undefined || b.elected === undefined) return true;
  return !clients.maybeSame(a.elected.invocation, b.elected.invocation);
}
