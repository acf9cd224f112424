import { describe, expect, it } from 'vitest';
import type { Ping } from './view.ts';
import { NOTHING_KEPT, ViewKeeper } from './view-keeper.ts';

const DEAD_AFTER = 100;

/** A view service of three servers and the time; each method returns the view in force afterwards as `number:primary/backups`. */
function service(quorum = 2) {
  let keeper = new ViewKeeper({ servers: ['a', 'b', 'c'], deadAfter: DEAD_AFTER, quorum }, NOTHING_KEPT, 0);
  let now = 0;
  let nth = 0;
  const settle = () => {
    const next = keeper.next(now);
    if (next !== undefined) keeper.settle(next);
    const { number, primary, backups } = keeper.kept.view;
    return `${number}:${primary}/${backups.join('')}`;
  };
  return {
    /** A report; by default of a server that has the whole state in the present view and reaches everybody. */
    ping(from: string, more: Partial<Ping> = {}) {
      const { number } = keeper.kept.view;
      keeper.hear(
        from,
        {
          f: 'ping',
          incarnation: 1,
          nth: ++nth,
          view: number,
          ready: number,
          position: { epoch: [number, 1], sequence: 0 },
          unreachable: [],
          reachable: ['a', 'b', 'c'],
          ...more,
        },
        now,
      );
      return settle();
    },
    pass(time: number) {
      now += time;
      return settle();
    },
    restart(kept = keeper.kept) {
      keeper = new ViewKeeper({ servers: ['a', 'b', 'c'], deadAfter: DEAD_AFTER, quorum }, kept, now);
      return settle();
    },
  };
}

/** View 3 with all three, everybody ready. */
function complete(quorum = 2) {
  const views = service(quorum);
  views.ping('a');
  views.ping('b', { view: 0, ready: 0 });
  views.ping('a');
  views.ping('c', { view: 0, ready: 0 });
  views.ping('a');
  views.ping('b');
  views.ping('c');
  return views;
}

describe('the view service', () => {
  it('founds the first view with whoever calls first, and adds the others', () => {
    const views = service();
    expect(views.pass(10)).toBe('0:/');
    expect(views.ping('b')).toBe('1:b/');
    expect(views.ping('a', { view: 0, ready: 0 })).toBe('1:b/');
    expect(views.ping('b')).toBe('2:b/a');
    expect(views.ping('b')).toBe('2:b/a');
    expect(views.ping('c', { view: 0, ready: 0 })).toBe('3:b/ac');
  });

  it('adds nobody before the primary has acknowledged the view, nor whom the primary does not reach', () => {
    const views = service();
    views.ping('a', { view: 0, ready: 0 });
    expect(views.ping('b', { view: 0, ready: 0 })).toBe('1:a/');
    expect(views.ping('a', { reachable: [] })).toBe('1:a/');
    expect(views.ping('a', { reachable: ['b'] })).toBe('2:a/b');
  });

  it('takes a backup for primary when the primary falls silent', () => {
    const views = complete();
    views.pass(60);
    views.ping('b');
    views.ping('c');
    expect(views.pass(60)).toBe('4:b/c');
  });

  it('never takes a server that may lack acknowledged writes', () => {
    const views = complete();
    views.pass(60);
    views.ping('a');
    views.ping('b');
    expect(views.pass(60)).toBe('4:a/b');
    views.ping('a');
    expect(views.ping('c', { view: 0, ready: 3 })).toBe('5:a/bc');
    expect(views.pass(60)).toBe('6:a/c');
    // Only c is alive now, and has not yet reported that it has the state.
    views.ping('c', { ready: 3 });
    expect(views.pass(60)).toBe('6:a/c');
    expect(views.ping('c', { ready: 5 })).toBe('7:c/');
  });

  it('takes the furthest where backups differ', () => {
    const views = complete(1);
    views.pass(60);
    views.ping('b', { position: { epoch: [3, 1], sequence: 7 } });
    views.ping('c', { position: { epoch: [3, 1], sequence: 9 } });
    expect(views.pass(60)).toBe('4:c/b');
  });

  it('drops a backup that the primary does not reach', () => {
    const views = complete();
    expect(views.ping('a', { unreachable: ['c'], reachable: ['b'] })).toBe('4:a/b');
  });

  it('drops a server that came back without its disk, even from the head', () => {
    const views = complete();
    views.ping('a', { incarnation: 2, view: 0, ready: 0 });
    expect(views.ping('a', { incarnation: 2, view: 3, ready: 0 })).toBe('4:b/c');
  });

  it('remembers who has everything while a view is too small to acknowledge', () => {
    const views = complete();
    views.pass(60);
    views.ping('a');
    expect(views.pass(60)).toBe('4:a/');
    views.pass(110);
    // Nothing was acknowledged without b, so b may lead.
    expect(views.ping('b', { view: 3, ready: 3 })).toBe('5:b/');
  });

  it('remembers who has everything until the newcomer that takes the place has it, too', () => {
    const late = () => {
      const views = complete();
      views.pass(60);
      views.ping('a');
      views.ping('b');
      views.pass(60);
      views.ping('a');
      views.ping('b', { view: 3, ready: 3 });
      // c was dropped and is back as a newcomer; then b, which has everything, is dropped.
      views.ping('c', { view: 3, ready: 3 });
      return views.ping('a', { unreachable: ['b'], reachable: ['c'] }) === '6:a/c' ? views : undefined;
    };
    const waiting = late()!;
    waiting.ping('c', { incarnation: 2, view: 6, ready: 0 });
    // The disk of a is lost before c has the state: b may lead.
    expect(waiting.ping('a', { incarnation: 2, view: 6, ready: 0 })).toBe('7:b/c');

    const done = late()!;
    done.ping('c', { view: 6, ready: 6 });
    expect(done.ping('a', { incarnation: 2, view: 6, ready: 0 })).toBe('7:c/');
  });

  it('forgets them where a view of one may acknowledge', () => {
    const views = complete(1);
    views.pass(60);
    views.ping('a');
    expect(views.pass(60)).toBe('4:a/');
    views.pass(110);
    expect(views.ping('b', { view: 3, ready: 3 })).toBe('4:a/');
  });

  it('ignores a late report', () => {
    const views = complete();
    views.ping('a', { nth: 1, unreachable: ['b', 'c'] });
    expect(views.pass(0)).toBe('3:a/bc');
  });

  it('goes on after a restart with what it kept, and takes nobody for dead at once', () => {
    const views = complete();
    views.pass(90);
    expect(views.restart()).toBe('3:a/bc');
    expect(views.pass(50)).toBe('3:a/bc');
    views.ping('b');
    views.ping('c');
    expect(views.pass(60)).toBe('4:b/c');
  });

  it('without what it kept founds a view with anybody: the planted flaw', () => {
    const views = complete();
    views.restart(NOTHING_KEPT);
    expect(views.ping('c', { view: 3, ready: 0 })).toBe('4:c/');
  });
});
