export { withRemoteClients } from './client-link.ts';
export type { ClientBriefing, FromClient } from './client-messages.ts';
export { type ClientProcessOptions, serveClient } from './client-process.ts';
export { enclosed } from './enclosure.ts';
export { fewerLevers } from './levers.ts';
export { LiveWorld, type LiveWorldOptions } from './world.ts';
