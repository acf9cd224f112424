import type { Assignable, FunctionBody, Local, Statement } from './ast.ts';
import { type Compiling, compileExpression, compileList, compileMany } from './compile-expression.ts';
import { type Cell, Frame } from './frame.ts';
import { nameOf } from './naming.ts';
import type { Runtime } from './runtime.ts';
import { isTrue, LuaFunction, type LuaValue, toNumber } from './values.ts';

/** How a statement ended: on (undefined), by `break`, or with what the function returns. */
type Outcome = undefined | typeof BREAK | LuaValue[];
const BREAK = Symbol('break');

type Execute = (frame: Frame) => Outcome;

/** Sets a variable that begins to exist here: a new one each time a closure may keep it. */
function declare(local: Local): (frame: Frame, value: LuaValue) => void {
  const { slot } = local;
  if (local.captured)
    return (frame, value) => {
      frame.cells[slot] = { value };
    };
  return (frame, value) => {
    frame.slots[slot] = value;
  };
}

function assignTo(compiling: Compiling, target: Assignable): (frame: Frame) => (value: LuaValue) => void {
  const { runtime } = compiling;
  switch (target.type) {
    case 'local': {
      const { slot, captured } = target.local;
      return (frame) => (value) => {
        if (captured) frame.cells[slot]!.value = value;
        else frame.slots[slot] = value;
      };
    }
    case 'upvalue':
      return (frame) => (value) => {
        frame.upvalues[target.index]!.value = value;
      };
    case 'global':
      return () => (value) => runtime.setIndex(runtime.globals, target.name, value, target.line);
    case 'index': {
      const object = compileExpression(compiling, target.object);
      const key = compileExpression(compiling, target.key);
      return (frame) => {
        const [table, place] = [object(frame), key(frame)];
        return (value) => runtime.setIndex(table, place, value, target.line, nameOf(target.object));
      };
    }
  }
}

function block(compiling: Compiling, statements: readonly Statement[]): Execute {
  const steps = statements.map((statement) => compileStatement(compiling, statement));
  const [only] = steps;
  if (only === undefined) return () => undefined;
  if (steps.length === 1) return only;
  return (frame) => {
    for (const step of steps) {
      const outcome = step(frame);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  };
}

/** A body that is run again and again: `break` ends it. */
function repeated(
  compiling: Compiling,
  statements: readonly Statement[],
): (frame: Frame) => 'on' | 'stop' | LuaValue[] {
  const { runtime } = compiling;
  const body = block(compiling, statements);
  return (frame) => {
    runtime.step();
    const outcome = body(frame);
    return outcome === undefined ? 'on' : outcome === BREAK ? 'stop' : outcome;
  };
}

function numericFor(compiling: Compiling, statement: Extract<Statement, { type: 'for' }>): Execute {
  const { runtime } = compiling;
  const [from, to] = [
    compileExpression(compiling, statement.from),
    compileExpression(compiling, statement.to),
  ];
  const step = statement.step === null ? null : compileExpression(compiling, statement.step);
  const body = repeated(compiling, statement.block);
  const set = declare(statement.local);
  const need = (value: LuaValue, what: string): number => {
    const number = toNumber(value);
    if (number === undefined) throw runtime.error(`'for' ${what} must be a number`, statement.line);
    return number;
  };
  return (frame) => {
    const first = need(from(frame), 'initial value');
    const last = need(to(frame), 'limit');
    const by = step === null ? 1 : need(step(frame), 'step');
    for (let value = first; by > 0 ? value <= last : value >= last; value += by) {
      set(frame, value);
      const outcome = body(frame);
      if (outcome === 'stop') return undefined;
      if (outcome !== 'on') return outcome;
    }
    return undefined;
  };
}

function genericFor(compiling: Compiling, statement: Extract<Statement, { type: 'for-in' }>): Execute {
  const { runtime } = compiling;
  const values = compileList(compiling, statement.values);
  const body = repeated(compiling, statement.block);
  const sets = statement.locals.map(declare);
  return (frame) => {
    const [iterate, state, initial] = values(frame);
    let control = initial;
    for (;;) {
      const results = runtime.call(iterate, [state, control], statement.line);
      control = results[0];
      if (control === undefined) return undefined;
      sets.forEach((set, at) => {
        set(frame, results[at]);
      });
      const outcome = body(frame);
      if (outcome === 'stop') return undefined;
      if (outcome !== 'on') return outcome;
    }
  };
}

function compileStatement(compiling: Compiling, statement: Statement): Execute {
  switch (statement.type) {
    case 'local': {
      const sets = statement.locals.map(declare);
      if (sets.length === 1 && statement.values.length === 1) {
        const set = sets[0]!;
        const value = compileExpression(compiling, statement.values[0]!);
        return (frame) => {
          set(frame, value(frame));
          return undefined;
        };
      }
      const values = compileList(compiling, statement.values);
      return (frame) => {
        const given = values(frame);
        sets.forEach((set, at) => {
          set(frame, given[at]);
        });
        return undefined;
      };
    }
    case 'assign': {
      const targets = statement.targets.map((target) => assignTo(compiling, target));
      if (targets.length === 1 && statement.values.length === 1) {
        const target = targets[0]!;
        const value = compileExpression(compiling, statement.values[0]!);
        return (frame) => {
          const put = target(frame);
          put(value(frame));
          return undefined;
        };
      }
      const values = compileList(compiling, statement.values);
      return (frame) => {
        const places = targets.map((target) => target(frame));
        const given = values(frame);
        places.forEach((put, at) => {
          put(given[at]);
        });
        return undefined;
      };
    }
    case 'call': {
      const call = compileMany(compiling, statement.call);
      return (frame) => {
        call(frame);
        return undefined;
      };
    }
    case 'do':
      return block(compiling, statement.block);
    case 'while': {
      const condition = compileExpression(compiling, statement.condition);
      const body = repeated(compiling, statement.block);
      return (frame) => {
        while (isTrue(condition(frame))) {
          const outcome = body(frame);
          if (outcome === 'stop') return undefined;
          if (outcome !== 'on') return outcome;
        }
        return undefined;
      };
    }
    case 'repeat': {
      const until = compileExpression(compiling, statement.until);
      const body = repeated(compiling, statement.block);
      return (frame) => {
        do {
          const outcome = body(frame);
          if (outcome === 'stop') return undefined;
          if (outcome !== 'on') return outcome;
        } while (!isTrue(until(frame)));
        return undefined;
      };
    }
    case 'if': {
      const branches = statement.branches.map(({ condition, block: statements }) => ({
        condition: compileExpression(compiling, condition),
        body: block(compiling, statements),
      }));
      const otherwise = block(compiling, statement.otherwise);
      return (frame) => {
        for (const { condition, body } of branches) if (isTrue(condition(frame))) return body(frame);
        return otherwise(frame);
      };
    }
    case 'for':
      return numericFor(compiling, statement);
    case 'for-in':
      return genericFor(compiling, statement);
    case 'local-function': {
      const set = declare(statement.local);
      const make = compileFunction(compiling, statement.body);
      const { captured, slot } = statement.local;
      return (frame) => {
        set(frame, undefined);
        const made = make(frame);
        if (captured) frame.cells[slot]!.value = made;
        else frame.slots[slot] = made;
        return undefined;
      };
    }
    case 'return': {
      const values = compileList(compiling, statement.values);
      return (frame) => values(frame);
    }
    case 'break':
      return () => BREAK;
  }
}

/** What makes the function, in a frame of the one around it. */
function compileFunction(compiling: Compiling, body: FunctionBody): (frame: Frame) => LuaFunction {
  const { runtime } = compiling;
  const parameters = body.parameters.map(declare);
  const run = block(compiling, body.block);
  return (outer) => {
    const upvalues = body.captures.map(
      (capture): Cell =>
        'local' in capture ? outer.cells[capture.local.slot]! : outer.upvalues[capture.upvalue]!,
    );
    return new LuaFunction(body.name, (args) => {
      runtime.enter();
      const frame = new Frame(upvalues, body.isVararg ? args.slice(parameters.length) : []);
      for (let at = 0; at < parameters.length; at++) parameters[at]!(frame, args[at]);
      const outcome = run(frame);
      runtime.leave();
      return outcome === undefined || outcome === BREAK ? [] : outcome;
    });
  };
}

/** The function of a chunk. */
export function compileChunk(runtime: Runtime, body: FunctionBody): LuaFunction {
  const compiling: Compiling = { runtime, functionOf: (inner) => compileFunction(compiling, inner) };
  return compileFunction(compiling, body)(new Frame([], []));
}
