import { type History, isObservation, type Json, type OperationPair } from '../histories/index.ts';
import type { Checker } from './checker.ts';
import { Clients } from './clients.ts';
import { pairsOf } from './pairs.ts';
import { type Identity, identityOf, ofKey } from './registers.ts';
import { Reports } from './reports.ts';
import { asObject } from './timeline.ts';
import { verdictOf } from './verdicts.ts';
import { describeOperation, inWords, list, seconds } from './words.ts';

export interface LeaderElectionOptions {
  /** The kind of the notes in which a host says that it leads. */
  readonly note?: string;
  /** The property of such a note that says for which term; also what other systems call view, epoch or ballot. */
  readonly term?: string;
}

/** Somebody leads in a term: as the leader itself says, or another host says of it, or a client was told. */
interface Claim {
  readonly leader: string;
  readonly words: string;
  readonly operations: readonly number[];
  readonly elected?: OperationPair;
}

/**
 * At most one leader in each term. Claims are the hosts' notes (kind `leader`, data `{term}`; a property `leader` may name another host), and
 * acknowledged operations `elect` -> term, which make their client the leader (of the key, if there is one). Leaders of different terms may well overlap in time.
 *
 * A client that goes on under a new process number after an indeterminate operation is taken for the same one where that is possible.
 * Unknown if nobody is known to have led in any term.
 */
export const leaderElection: Checker<LeaderElectionOptions> = {
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
  check(history, options) {
    const { note = 'leader', term = 'term' } = options;
    const clients = new Clients(history);
    const reports = new Reports();
    const figures = { claims: 0, terms: 0, notesWithoutTerm: 0, contestedTerms: 0 };
    const groups = [notes(history, note, term, figures), elections(history, clients)];
    for (const terms of groups.flatMap((byKey) => [...byKey])) {
      const [key, claimsOf] = terms;
      for (const { value, claims } of claimsOf.values()) {
        figures.terms++;
        figures.claims += claims.length;
        const [first] = claims;
        const others = claims.filter((claim) => first !== undefined && contradicts(clients, first, claim));
        if (first === undefined || others.length === 0) continue;
        figures.contestedTerms++;
        reports.add('two-leaders', () => ({
          ...(key !== undefined && { key }),
          explanation: `${term === 'term' ? 'Term' : term} ${inWords(value)}${ofKey(key)} has more than one leader: ${list([first, ...others].map(({ words }) => words))}.`,
          operations: [...new Set([first, ...others].flatMap(({ operations }) => operations))].sort(
            (a, b) => a - b,
          ),
          data: { term: value, leaders: [...new Set([first, ...others].map(({ leader }) => leader))] },
        }));
      }
    }
    const { notesWithoutTerm, ...counts } = figures;
    const reason =
      figures.claims > 0 ? undefined : `no host noted "${note}" with a ${term}, and no elect succeeded`;
    return verdictOf(
      this.name,
      { anomalies: reports.anomalies, reason },
      { ...counts, ...(notesWithoutTerm > 0 && { notesWithoutTerm }) },
    );
  },
};

/** By key and term: the claims, one for each leader, in the order of the history. */
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

function notes(history: History, kind: string, name: string, figures: { notesWithoutTerm: number }): Terms {
  const terms: Terms = new Map();
  for (const event of history.events) {
    if (!isObservation(event) || event.type !== 'note' || event.kind !== kind) continue;
    const data = asObject(event.data);
    const value = data?.[name];
    if (value === undefined || value === null) {
      // `false`: it no longer leads.
      if (event.data !== false) figures.notesWithoutTerm++;
      continue;
    }
    const named = data?.leader;
    const leader = typeof named === 'string' ? named : event.host;
    const words =
      leader === event.host ? `${leader} said so of itself` : `${event.host} said so of ${leader}`;
    enter(terms, undefined, value, {
      leader,
      words: `${words} at ${seconds(event.time)}`,
      operations: [event.index],
    });
  }
  return terms;
}

function elections(history: History, clients: Clients): Terms {
  const terms: Terms = new Map();
  for (const pair of pairsOf(history)) {
    const { invocation, completion } = pair;
    if (invocation.f !== 'elect' || completion?.type !== 'ok' || completion.value === null) continue;
    enter(terms, invocation.key, completion.value, {
      leader: clients.nameOf(invocation),
      words: describeOperation(pair),
      operations: [invocation.index, completion.index],
      elected: pair,
    });
  }
  return terms;
}

function contradicts(clients: Clients, a: Claim, b: Claim): boolean {
  if (a.leader === b.leader) return false;
  if (a.elected === undefined || b.elected === undefined) return true;
  return !clients.maybeSame(a.elected.invocation, b.elected.invocation);
}
