import { expect, it } from 'vitest';
import { raft } from '../../systems-under-test/raft/index.ts';
import { systemOptions } from './system-options.ts';

it('says where options are that contradict each other, as it does of those that no schema allows', () => {
  expect(systemOptions(raft, { servers: 3 }, 'options')).toMatchObject({ servers: 3, heartbeat: '50ms' });
  expect(() => systemOptions(raft, { servers: 0 }, 'options')).toThrow('options/servers: expected ');
  expect(() => systemOptions(raft, { heartbeat: '500ms' }, 'options')).toThrow(
    'options: expected heartbeat < electionTimeoutMin < electionTimeoutMax, found {"heartbeat":"500ms"}',
  );
});
