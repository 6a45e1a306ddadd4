// PostgreSQL keeps the contract of a store: on the oldest server that is here. The newest has postgres-replicas.test.ts.
import { storeContract } from '../contracts/store.ts';
import { POSTGRES_VERSIONS } from '../postgres-server.ts';
import { usePostgresStores } from './postgres-bench.ts';

/** A random history costs as much as many cases, and SQLite goes through more of them. */
const HISTORIES = 15;

for (const { missing } of POSTGRES_VERSIONS) if (missing !== undefined) console.warn(`[on another version] ${missing}`);
const version = POSTGRES_VERSIONS.findLast(({ missing }) => missing === undefined)?.version ?? 18;

const { open } = usePostgresStores(version);
storeContract(`PostgreSQL ${version}`, open, HISTORIES);
