import type { System } from '../harness/contract/index.ts';
import { backup } from './backup/index.ts';
import { cacheAside } from './cache-aside/index.ts';
import { chain } from './chain/index.ts';
import { chatSync } from './chat-sync/index.ts';
import { crdt } from './crdt/index.ts';
import { edgeCache } from './edge-cache/index.ts';
import { fileStore } from './file-store/index.ts';
import { geoReplicated } from './geo-replicated/index.ts';
import { inferenceRouter } from './inference-router/index.ts';
import { multiVersion } from './multi-version/index.ts';
import { orchestrator } from './orchestrator/index.ts';
import { primaryBackup } from './primary-backup/index.ts';
import { quorum } from './quorum/index.ts';
import { raft } from './raft/index.ts';
import { readReplicas } from './read-replicas/index.ts';
import { remoteStorage } from './remote-storage/index.ts';
import { shardedTransactions } from './sharded-transactions/index.ts';
import { singleServer } from './single-server/index.ts';
import { webTier } from './web-tier/index.ts';

/** All systems that come with the harness, by what `list systems` shows. */
export const systems: readonly System[] = [
  singleServer,
  backup,
  primaryBackup,
  chain,
  raft,
  readReplicas,
  geoReplicated,
  cacheAside,
  edgeCache,
  quorum,
  inferenceRouter,
  crdt,
  chatSync,
  multiVersion,
  webTier,
  shardedTransactions,
  remoteStorage,
  orchestrator,
  fileStore,
];
