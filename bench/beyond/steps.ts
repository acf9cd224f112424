import type { Tolerance, ToleranceRow } from '../../harness/contract/index.ts';
import { most } from '../../harness/plan/index.ts';

/** A tolerance table of which one row allows a step more than the system claims to stand. */
export interface Step {
  readonly fault: string;
  /** `on 3 of 5 hosts`, `factor above 10`. */
  readonly what: string;
  readonly tolerance: Tolerance;
  /**
   * Where the step is one of hosts: on how many of these roles (of all servers if absent), and on one more of the roles `beside` them; and the kinds that are counted together with
   * this one.
   */
  readonly hosts?: {
    readonly count: number;
    readonly roles?: readonly string[];
    readonly beside?: readonly string[];
    readonly sharing: readonly string[];
  };
}

/** How many servers there are of each role. */
type Roles = { readonly [role: string]: number };

interface Harder {
  readonly what: string;
  readonly rows: Tolerance;
  readonly hosts?: Pick<NonNullable<Step['hosts']>, 'count' | 'beside'>;
}

/**
 * For each row that has a bound the table with this bound exceeded by one step: on one host more at once; where all may be hit, as hard as
 * the fault comes; where all may be damaged for good, one host of a role that the row leaves out. Rows without any bound have no step beyond.
 */
export function stepsOf(table: Tolerance, roles: Roles): Step[] {
  return table.flatMap((row, place) => {
    const harder = harderRow(row, roles);
    if (harder === undefined) return [];
    const { what, rows, hosts } = harder;
    const tolerance = table.flatMap((other, at) => (at === place ? rows : other));
    if (hosts === undefined) return [{ fault: row.fault, what, tolerance }];
    const sharing = table.flatMap(({ fault, budget }) =>
      budget !== undefined && budget === row.budget && fault !== row.fault ? [fault] : [],
    );
    const step = { ...hosts, ...(row.roles && { roles: row.roles }), sharing };
    return [{ fault: row.fault, what, tolerance, hosts: step }];
  });
}

function harderRow(row: ToleranceRow, roles: Roles): Harder | undefined {
  const within = row.roles ?? Object.keys(roles);
  const all = within.reduce((sum, role) => sum + (roles[role] ?? 0), 0);
  const count = most(row.atOnce, all) + 1;
  if (count <= all)
    return { what: `on ${count} of ${all} hosts`, rows: [{ ...row, atOnce: count }], hosts: { count } };
  const parameters = Object.entries(row.parameters ?? {});
  const numbers = parameters.filter(([, value]) => typeof value === 'number');
  if (numbers.length > 0) {
    const kept = parameters.filter(([, value]) => typeof value !== 'number');
    return {
      what: numbers.map(([name, value]) => `${name} above ${String(value)}`).join(', '),
      rows: [{ ...row, parameters: Object.fromEntries(kept) }],
    };
  }
  if (row.lasting !== true) return undefined;
  const others = Object.keys(roles).filter((role) => !within.includes(role));
  const beside = others.length > 0 ? others : ['client'];
  return {
    what: `on all of ${within.join(', ')}, and one of ${beside.join(', ')}`,
    rows: [row, { ...row, roles: beside, atOnce: 1 }],
    hosts: { count: all, beside },
  };
}
