/** `${name}`; `$${name}` stands for itself. */
const PLACEHOLDER = /\$(\$)?\{([^{}]*)\}/g;

/** What texts of a server may hold: its own host, the folder of the description, all servers. */
export const OF_SERVERS = [
  'name',
  'address',
  'number',
  'folder',
  'here',
  'first',
  'servers',
  'others',
] as const;
/** What texts of a client may hold: the server asked, and the operation. */
export const OF_OPERATIONS = ['name', 'address', 'key', 'value', 'from', 'to'] as const;

export type Values = { readonly [name: string]: string };

/** The text with its placeholders replaced. Those that are not known stay: they were refused when the file was read. */
export function filled(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (whole, escaped: string | undefined, name: string) =>
    escaped === undefined ? (values[name] ?? whole) : whole.slice(1),
  );
}

/** Names of placeholders in a text, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, escaped, name]) =>
    escaped === undefined ? [name!] : [],
  );
}
