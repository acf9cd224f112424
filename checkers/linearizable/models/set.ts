import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import { type Call, type Effect, LIST, type Model } from '../model.ts';

/** Elements by their texts, sorted; a list with an element twice is no set. */
function textsOf(elements: Json): string | undefined {
  const texts = (elements as readonly Json[]).map(canonical).sort();
  return texts.some((text, n) => text === texts[n - 1]) ? undefined : texts.join();
}

function effect(call: Call): Effect {
  // Adding and removing overwrite what is known of one element, not of the others.
  return call.f === 'read' || call.f === 'contains' ? 'pure' : 'total';
}

function malformed({ f, result }: Call): string | undefined {
  if (result === undefined) return undefined;
  if (f === 'read' && !Array.isArray(result)) return `a read returns a list, not ${JSON.stringify(result)}`;
  if (f === 'contains' && typeof result !== 'boolean') {
    return `contains returns true or false, not ${JSON.stringify(result)}`;
  }
  return undefined;
}

/** A set: each element is a register of its own (in or not) for as long as nobody reads the whole. */
export const set: Model = {
  name: 'set',
  summary: 'add, remove and contains of one element, read of all',
  functions: ['add', 'remove', 'contains', 'read'],
  initial: [],
  form: LIST,
  apply(state, call) {
    const elements = state as readonly Json[];
    if (call.f === 'read') return textsOf(call.result!) === textsOf(elements) ? state : undefined;
    const text = canonical(call.value);
    const within = elements.some((element) => canonical(element) === text);
    if (call.f === 'contains') return call.result === within ? state : undefined;
    if ((call.f === 'add') === within) return state;
    if (call.f === 'remove') return elements.filter((element) => canonical(element) !== text);
    return [...elements, call.value].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  },
  effect,
  malformed,
  parts: (call) => (call.f === 'read' ? undefined : [canonical(call.value)]),
  register: {
    initial: (part, initial) => (initial as readonly Json[]).some((element) => canonical(element) === part),
    subject: (part) => `element ${part}`,
    inWords: (state) => (state === true ? 'present' : 'absent'),
    translate({ f, result, outcome }) {
      if (f === 'contains') return { f: 'read', value: null, result, outcome };
      const value = f === 'add';
      return { f: 'write', value, result: result === undefined ? undefined : value, outcome };
    },
  },
};
