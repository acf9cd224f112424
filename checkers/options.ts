import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from '../histories/index.ts';
import type { Checker } from './checker.ts';

/** A selection that names no checker, or options that its schema forbids. `code` is stable. */
export class SelectionError extends Error {
  readonly code: 'unknown-checker' | 'bad-options';
  constructor(code: 'unknown-checker' | 'bad-options', message: string) {
    super(message);
    this.name = 'SelectionError';
    this.code = code;
  }
}

/**
 * The options as the checker's schema wants them, defaults filled in, in a copy. Absent options are `{}`.
 * @throws SelectionError naming the checker, the place in its options (JSON pointer), the expectation and the value.
 */
export function validOptions<Options>(checker: Checker<Options>, given?: Options): Options {
  const options: unknown = structuredClone(given ?? {});
  const validate = validatorOf(checker);
  if (!validate(options)) {
    throw new SelectionError('bad-options', complaint(checker.name, validate.errors ?? []));
  }
  return options;
}

/** One for all: the first compilation compiles the meta-schema, too, which takes longer than all others together. */
let ajv: Ajv2020 | undefined;
/** By schema, not by checker: one that was wrapped has the same. Compiling takes some ten milliseconds. */
const validators = new WeakMap<object, ValidateFunction>();

function validatorOf<Options>(checker: Checker<Options>): ValidateFunction<Options> {
  let validate = validators.get(checker.options);
  if (validate === undefined) {
    ajv ??= new Ajv2020({ useDefaults: true, verbose: true, allErrors: false });
    validate = ajv.compile(checker.options);
    // It would keep the schemas of composed checkers for ever.
    ajv.removeSchema(checker.options);
    validators.set(checker.options, validate);
  }
  return validate as ValidateFunction<Options>;
}

function complaint(name: string, errors: readonly ErrorObject[]): string {
  const error = errors[0];
  if (error === undefined) return `checker "${name}": its options do not match its schema`;
  const extra: unknown = error.params.additionalProperty;
  const place = typeof extra === 'string' ? `${error.instancePath}/${extra}` : error.instancePath || '/';
  const value =
    typeof extra === 'string' ? (error.data as { readonly [name: string]: Json })[extra] : error.data;
  const allowed: unknown = error.params.allowedValues;
  const expectation =
    typeof extra === 'string'
      ? `expected no such option, only ${Object.keys((error.parentSchema?.properties ?? {}) as object).join(', ') || 'none'}`
      : `${error.message ?? 'is not allowed'}${Array.isArray(allowed) ? ` (${allowed.join(', ')})` : ''}`;
  return `checker "${name}", option ${place}: ${expectation}, got ${JSON.stringify(value)}`;
}
