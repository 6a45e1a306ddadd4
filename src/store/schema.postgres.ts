// What drizzle-kit reads to write the migrations of PostgreSQL. The program itself never imports this file: it loads drizzle
// as an ES module (see drizzle.ts).
import { sql } from 'drizzle-orm';
import * as core from 'drizzle-orm/pg-core';
import { pgKit } from './kit.ts';
import { buildTables } from './schema.ts';

export const {
  requests,
  grants,
  surfaces,
  persons,
  accounts,
  claims,
  counters,
  deployment,
  jobs,
  leases,
  queues,
  events,
  eventTexts,
  ledgerHead,
  checkpoints,
} = buildTables(pgKit(core, sql));
