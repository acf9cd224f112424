import { type Json, MILLISECOND, SECOND } from '../../../harness/contract/index.ts';

type Schema = { readonly [keyword: string]: Json };

const text = (description: string): Schema => ({ type: 'string', minLength: 1, description });
const words = (description: string): Schema => ({
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  description,
});
const texts = (description: string): Schema => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  description,
});
const time = (description: string, byDefault?: number): Schema => ({
  type: 'integer',
  minimum: 0,
  $comment: 'duration',
  description,
  ...(byDefault !== undefined && { default: byDefault }),
});
const object = (properties: { readonly [name: string]: Schema }, more: Schema = {}): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});
const named = (description: string): Schema =>
  object({ name: text('its name'), options: {} }, { required: ['name'], description });

const files: Schema = {
  type: 'object',
  additionalProperties: { type: ['string', 'array'], items: { type: 'string' } },
  description: "files of the server's folder: text, or an array of lines",
};
const request = object(
  {
    method: { type: 'string', default: 'GET', description: 'such as PUT' },
    url: text('with the placeholders of operations'),
    body: text('with the placeholders of operations'),
    headers: { ...texts('of the request'), default: {} },
    refused: {
      type: 'array',
      items: { type: 'integer' },
      default: [],
      description: 'statuses from 500 on that say that nothing was done',
    },
  },
  { required: ['url'] },
);
const command = words('redis command with the placeholders of operations');

/** Names of operations that a client without code can be told. */
export const OPERATIONS = ['read', 'write', 'cas', 'add'] as const;

const each = (schema: Schema): { readonly [f: string]: Schema } =>
  Object.fromEntries(OPERATIONS.map((f) => [f, schema]));

/** JSON schema (draft 2020-12) of the file that describes a server of the user's own. */
export const serverSchema: Schema = object(
  {
    name: text('of the system'),
    servers: { type: 'integer', minimum: 1, maximum: 99, default: 1, description: 'hosts' },
    command: words('the command that is the server, in the foreground'),
    files: { ...files, default: {} },
    environment: { ...texts('variables'), default: {} },
    user: text('user to run as, if it refuses to be root'),
    first: object(
      { command: words('of the first server'), files, environment: texts('variables') },
      {
        default: {},
        description: 'what is different on the first server',
      },
    ),
    lists: {
      type: 'object',
      default: {},
      additionalProperties: object(
        { each: { type: 'string', description: 'for each server' }, join: { type: 'string', default: ',' } },
        { required: ['each'] },
      ),
      description: 'further placeholders: a text for each server, joined',
    },
    ready: object(
      {
        line: text('regular expression of a line that it prints when it is ready'),
        answers: text('address:port that takes connections, or URL that answers below 500'),
        within: time('how long it may take', 20 * SECOND),
      },
      { minProperties: 1, description: 'how one sees that it is ready' },
    ),
    leader: text('regular expression of a line by which a server says that it leads'),
    client: object(
      {
        http: object(each(request), { required: ['read'] }),
        resp: object(
          {
            port: { type: 'integer', minimum: 1, maximum: 65535 },
            commands: object(each(command), { required: ['read'] }),
          },
          { required: ['port', 'commands'] },
        ),
        module: text('file with a client of your own'),
      },
      { minProperties: 1, maxProperties: 1, description: 'exactly one of http, resp, module' },
    ),
    ask: { enum: ['any', 'first'], default: 'any', description: 'which servers clients ask' },
    timeout: time('how long a client waits', 800 * MILLISECOND),
    claims: object(
      {
        consistency: { type: 'string', default: 'linearizable' },
        durability: { type: 'boolean', default: true },
        recoveryWithin: time('served again after the last fault', 20 * SECOND),
        stalenessWithin: time('how old what is read may be'),
        convergesWithin: time('when copies agree'),
        availability: { type: 'number', minimum: 0, maximum: 1 },
      },
      { default: {}, description: 'what it promises' },
    ),
    tolerates: {
      type: 'array',
      items: { type: 'string' },
      description: 'fault kinds, or partition for all of that kind',
    },
    workload: named('what clients do'),
    checkers: {
      type: 'array',
      items: named('a checker'),
      description: 'who judges it, instead of those that go with the claims',
    },
  },
  {
    required: ['name', 'command', 'ready', 'client'],
    description: 'a server of your own, for the live world',
  },
);
