// Settings of drizzle-kit, which writes migrations/postgres from the schema: `npx drizzle-kit generate --config=drizzle.postgres.config.ts`.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/store/schema.postgres.ts',
  out: './migrations/postgres',
});
