// Statements for names that can be taken once (claims, chat accounts) and for the counters. Must not decide anything.
import { type Dialect, effect, rows, value } from './ask.ts';
import { orm } from './drizzle.ts';

export function nameStatements(dialect: Dialect) {
  return { ...claimStatements(dialect), ...accountStatements(dialect), ...counterStatements(dialect) };
}

function claimStatements({ write, grab, tables: { claims: t } }: Dialect) {
  const { sql } = orm;
  const [key, owner] = [{ key: t.key }, { owner: t.owner }];
  const now = value('now');
  const lives = sql`(${t.until} is null or ${t.until} > ${now})`;
  // Taken again by its owner, a claim lasts as long as the longer of the two. (One that ran out is never the longer.)
  const until = sql`case when ${t.until} is null or excluded.until is null then null
    when ${t.until} > excluded.until then ${t.until} else excluded.until end`;
  const taking = write
    .insert(t)
    .values({ key: value('key'), owner: value('owner'), until: value('until') })
    .onConflictDoUpdate({
      target: t.key,
      set: { owner: sql`excluded.owner`, until },
      setWhere: sql`${t.owner} = excluded.owner or ${t.until} <= ${now}`,
    });
  const here = orm.eq(t.key, value('key'));
  const over = write.select(key).from(t).where(orm.lte(t.until, now));
  return {
    /** Answers nothing when somebody else has it; who has it then is kept until the transaction ends. */
    takeClaim: rows('claim_take', key, taking.returning(key)),
    claimOwner: rows('claim_owner', owner, write.select(owner).from(t).where(orm.and(here, lives))),
    releaseClaim: effect('claim_release', write.delete(t).where(orm.and(here, orm.eq(t.owner, value('owner'))))),
    /** Goes past those that somebody is just taking: it must wait for nobody, or two could wait for each other. */
    tidyClaims: effect('claims_tidy', write.delete(t).where(orm.inArray(t.key, grab(over, t)))),
  };
}

function accountStatements({ write, tables: { accounts: t, persons } }: Dialect) {
  const person = { person: t.person };
  const stored = { version: persons.version, body: persons.body };
  const account = { platform: value('platform'), tenant: value('tenant'), user: value('user') };
  const here = orm.and(
    orm.eq(t.platform, account.platform),
    orm.eq(t.tenant, account.tenant),
    orm.eq(t.user, account.user),
  );
  const adding = write.insert(t).values({ ...account, person: value('person') });
  const owner = write.select(stored).from(t).innerJoin(persons, orm.eq(persons.id, t.person));
  return {
    clearAccounts: effect('accounts_clear', write.delete(t).where(orm.eq(t.person, value('person')))),
    /** Answers nothing when the account is another person's. */
    addAccount: rows('account_add', person, adding.onConflictDoNothing().returning(person)),
    accountPerson: rows('account_person', person, write.select(person).from(t).where(here)),
    personAt: rows('person_at', stored, owner.where(here)),
  };
}

function counterStatements({ write, tables: { counters: t, deployment } }: Dialect) {
  const { sql } = orm;
  const count = { value: t.value };
  const here = orm.eq(t.name, value('name'));
  const later = orm.and(orm.eq(t.name, 'clock'), orm.lt(t.value, value('now')));
  const id = { id: deployment.id };
  return {
    counter: rows('counter', count, write.select(count).from(t).where(here)),
    raiseCounter: rows(
      'counter_raise',
      count,
      write
        .update(t)
        .set({ value: sql`${t.value} + 1` })
        .where(here)
        .returning(count),
    ),
    saveClock: effect(
      'clock_save',
      write
        .update(t)
        .set({ value: sql`${value('now')}` })
        .where(later),
    ),
    deployment: rows('deployment', id, write.select(id).from(deployment)),
    beginDeployment: effect(
      'deployment_begin',
      write.insert(deployment).values({ id: value('id'), createdAt: value('now') }),
    ),
  };
}
