import type { Tolerance, ToleranceRow } from '../../harness/contract/index.ts';
import { most } from '../../harness/plan/index.ts';

/** A tolerance table of which one row allows a step more than the system claims to stand. */
export interface Step {
  readonly fault: string;
  /** `on 3 of 5 hosts`, `factor above 10`. */
  readonly what: string;
  readonly tolerance: Tolerance;
}

/**
 * For each row that has a bound the table with this bound exceeded by one step: on one host more at once; where all may be hit, as hard as
 * the fault comes. Rows without any bound have no step beyond.
 *
 * @param hosts How many hosts have one of these roles; all servers if absent.
 */
export function stepsOf(table: Tolerance, hosts: (roles: readonly string[] | undefined) => number): Step[] {
  return table.flatMap((row, place) => {
    const harder = harderRow(row, hosts(row.roles));
    if (harder === undefined) return [];
    return [
      {
        fault: row.fault,
        what: harder.what,
        tolerance: table.map((other, at) => (at === place ? harder.row : other)),
      },
    ];
  });
}

function harderRow(
  row: ToleranceRow,
  hosts: number,
): { readonly what: string; readonly row: ToleranceRow } | undefined {
  const atOnce = most(row.atOnce, hosts) + 1;
  if (atOnce <= hosts) return { what: `on ${atOnce} of ${hosts} hosts`, row: { ...row, atOnce } };
  const numbers = Object.entries(row.parameters ?? {}).filter(([, value]) => typeof value === 'number');
  if (numbers.length === 0) return undefined;
  const kept = Object.entries(row.parameters ?? {}).filter(([, value]) => typeof value !== 'number');
  return {
    what: numbers.map(([name, value]) => `${name} above ${String(value)}`).join(', '),
    row: { ...row, parameters: Object.fromEntries(kept) },
  };
}
