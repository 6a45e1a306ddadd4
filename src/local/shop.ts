// The demo target's inside: a small web shop with believable rows, and the two roles that people ask for. Everything is made
// up. Safe to run again on a database that has it already.
import type { Client } from 'pg';

const READONLY_ROLE = 'shop_readonly';
const SUPPORT_ROLE = 'shop_support';
export const SHOP_ROLES: readonly string[] = [READONLY_ROLE, SUPPORT_ROLE];

const CUSTOMERS = 60;
const ORDERS = 90;
const PAYMENTS = 60;

const FIRST = ['Ada', 'Bruno', 'Chloé', 'Dmitri', 'Esther', 'Farid', 'Greta', 'Hiro', 'Ines', 'Jonas', 'Katya', 'Liam'];
const LAST = ['Almeida', 'Berger', 'Castro', 'Dahl', 'Eriksen', 'Fontaine', 'Grant', 'Hoffmann', 'Ito', 'Jansen'];
const CITIES = ['Lisbon', 'Hamburg', 'Vilnius', 'Lyon', 'Ghent', 'Porto', 'Turin', 'Malmö'];
const ITEMS = ['Enamel mug', 'Wool blanket', 'Desk lamp', 'Linen apron', 'Tea towels', 'Bread knife', 'Glass carafe'];
const STATUSES = ['delivered', 'delivered', 'shipped', 'paid', 'delivered', 'returned', 'cancelled'];
const METHODS = ['card', 'card', 'transfer', 'invoice'];

// In the schema public, which everybody may look into: the answer without a pass is then "permission denied for table
// customers", and not that there is no such table.
const TABLES = `
  CREATE TABLE customers (
    id int PRIMARY KEY, name text NOT NULL, email text NOT NULL, city text NOT NULL, since date NOT NULL);
  CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, item text NOT NULL, quantity int NOT NULL,
    total numeric(8,2) NOT NULL, status text NOT NULL, placed_on date NOT NULL, note text);
  CREATE TABLE payments (
    id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders, method text NOT NULL, amount numeric(8,2) NOT NULL,
    card_ends_in text, status text NOT NULL, paid_on date NOT NULL);`;

const ROLES = `
  DO $$ BEGIN
    IF to_regrole('${READONLY_ROLE}') IS NULL THEN CREATE ROLE ${READONLY_ROLE} NOLOGIN; END IF;
    IF to_regrole('${SUPPORT_ROLE}') IS NULL THEN CREATE ROLE ${SUPPORT_ROLE} NOLOGIN; END IF;
  END $$;
  GRANT SELECT ON customers, orders, payments TO ${READONLY_ROLE}, ${SUPPORT_ROLE};
  GRANT UPDATE ON orders TO ${SUPPORT_ROLE};
  GRANT UPDATE (status) ON payments TO ${SUPPORT_ROLE};
  COMMENT ON ROLE ${READONLY_ROLE} IS 'Reads customers, orders and payments';
  COMMENT ON ROLE ${SUPPORT_ROLE} IS 'Reads everything, changes orders and marks payments';`;

/** Tables, rows and roles, as far as they are missing. */
export async function furnishShop(client: Client): Promise<void> {
  await client.query('BEGIN');
  const { rows } = await client.query("SELECT to_regclass('payments') IS NULL AS empty");
  if (rows[0]?.empty === true) await fill(client);
  await client.query(ROLES);
  await client.query('COMMIT');
}

async function fill(client: Client): Promise<void> {
  await client.query(TABLES);
  const insert = (table: string, rows: readonly object[]) =>
    client.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  await insert(
    'customers',
    Array.from({ length: CUSTOMERS }, (_, at) => customer(at)),
  );
  await insert(
    'orders',
    Array.from({ length: ORDERS }, (_, at) => order(at)),
  );
  await insert(
    'payments',
    Array.from({ length: PAYMENTS }, (_, at) => payment(at)),
  );
}

// Steps that share no factor with the lengths: names, cities and items come in every combination, and the same each time.
function customer(at: number) {
  const first = pick(FIRST, at);
  const last = pick(LAST, at * 7 + Math.floor(at / 12));
  const email = `${first}.${last}${at + 1}@mail.test`.toLowerCase().replace('é', 'e');
  return { id: at + 1, name: `${first} ${last}`, email, city: pick(CITIES, at * 3), since: day(2023, at * 17) };
}

function order(at: number) {
  const quantity = 1 + (at % 3);
  return {
    id: 1001 + at,
    customer_id: 1 + ((at * 11) % CUSTOMERS),
    item: pick(ITEMS, at * 5),
    quantity,
    total: totalOf(at),
    status: pick(STATUSES, at),
    placed_on: day(2026, at * 3),
    note: at % 9 === 4 ? 'Customer called: parcel went to the neighbour' : null,
  };
}

function payment(at: number) {
  const method = pick(METHODS, at);
  return {
    id: 5001 + at,
    order_id: 1001 + at,
    method,
    amount: totalOf(at),
    card_ends_in: method === 'card' ? String(1000 + ((at * 137) % 9000)) : null,
    status: at % 13 === 5 ? 'disputed' : 'settled',
    paid_on: day(2026, at * 3 + 1),
  };
}

function totalOf(at: number): number {
  return Math.round((9.9 + ((at * 37) % 90)) * (1 + (at % 3)) * 100) / 100;
}

function day(year: number, days: number): string {
  return new Date(Date.UTC(year, 0, 1 + days)).toISOString().slice(0, 10);
}

function pick(list: readonly string[], at: number): string {
  return list[at % list.length] ?? '';
}
