import { formatDuration, type ScheduledFault, type Target } from '../contract/index.ts';

/** `at 1.2s for 300ms: pause-process on n3`: one fault of a schedule, for people. */
export function describeFault(fault: ScheduledFault): string {
  const length = fault.for === undefined ? '' : ` for ${formatDuration(fault.for)}`;
  const parameters = Object.entries(fault.parameters);
  const how =
    parameters.length === 0
      ? ''
      : ` (${parameters.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')})`;
  return `at ${formatDuration(fault.at)}${length}: ${fault.fault}${describeTarget(fault.target)}${how}`;
}

function describeTarget(target: Target): string {
  if ('none' in target) return '';
  if ('role' in target) return ` on the ${target.role}`;
  const names =
    'hosts' in target
      ? target.hosts
      : 'switches' in target
        ? target.switches
        : 'cables' in target
          ? target.cables
          : 'racks' in target
            ? target.racks
            : target.datacenters;
  return ` on ${names.join(', ')}`;
}
