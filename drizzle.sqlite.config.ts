// Settings of drizzle-kit, which writes migrations/sqlite from the schema: `npx drizzle-kit generate --config=drizzle.sqlite.config.ts`.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './src/store/schema.sqlite.ts',
  out: './migrations/sqlite',
});
