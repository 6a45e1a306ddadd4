// SQLite keeps the contract of a store, in a file and in memory.
import { afterAll } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { storeContract } from '../contracts/store.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
afterAll(folder.remove);

storeContract('SQLite in a file', (tools) => openStore(`sqlite:${folder.fresh()}`, tools));
storeContract('SQLite in memory', (tools) => openStore('sqlite::memory:', tools));
