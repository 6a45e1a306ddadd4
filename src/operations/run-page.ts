// Alarms on the second path: each alarm to each pager, until the pager took it. There is no last try, tries are at most five
// minutes apart, and a pager that is dead holds up nothing but its own pages. When one takes nothing for ten minutes, the audit
// channel and the other pagers hear of that.
import type { GrantId, JsonObject } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { ENDED_LINE, lateLine, overdueLine } from '../messages/page.ts';
import type { Ids, Instant } from '../ports/clock.ts';
import { type Page, type Pager, PagerError } from '../ports/pager.ts';
import type { Job, NewJob } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { LANE } from './jobs.ts';
import { overdueIn } from './run-overdue.ts';
import type { Tools } from './tools.ts';

/** Shorter than a lease (30 s). */
const PAGE_SECONDS = 20;
const GAP_MAX_MS = 300_000;
/** From here on a page says that it is late. */
const LATE_MS = 60_000;
const FAILING_MS = 600_000;
/** While it goes on, that is told again after this long. */
const TOLD_AGAIN_MS = 3_600_000;

interface Paging {
  readonly pager: string;
  readonly page: Page;
  /** Of an overdue pass: all that are overdue there are one matter. */
  readonly overdue?: { readonly target: string; readonly grant: GrantId };
}

/** `again`: a page that still waits says the same already. */
export function pageJob(ids: Ids, paging: Paging, dueAt: Instant, again: boolean): NewJob {
  const id = ids.next('job');
  const job = { id, kind: 'page', subject: `page:${id}`, queue: `page:${paging.pager}`, lane: LANE.alarm } as const;
  const once = again ? { once: `page:${paging.pager}:${paging.page.key}` } : {};
  return { ...job, dueAt, payload: paging as unknown as JsonObject, ...once };
}

export async function runPage(tools: Tools, job: Job): Promise<void> {
  const paging = job.payload as unknown as Paging;
  const pager = tools.pagers.find(({ name }) => name === paging.pager);
  if (!pager) {
    tools.log.warn('a page is dropped: its pager is not configured any more', { pager: paging.pager });
    return delivered(tools, job, paging.pager);
  }
  try {
    const page = await asOfNow(tools, paging);
    await callPager(tools, (signal) => pager.page(page, signal));
    await delivered(tools, job, pager.name);
  } catch (error) {
    if (!(error instanceof PagerError)) throw error;
    await notTaken(tools, job, paging, error);
  }
}

/** A page may have waited: it tells how long, and how things stand by now. */
async function asOfNow(tools: Tools, { page, pager, overdue }: Paging): Promise<Page> {
  const waited = (await tools.store.now()) - page.at;
  const late = waited >= LATE_MS ? [lateLine(pager, Math.floor(waited / 1000))] : [];
  if (!overdue) return { ...page, lines: [...page.lines, ...late] };
  const { target, grant } = overdue;
  const row = (await tools.store.grant(grant))?.row;
  const ended = row?.status === 'revoked' ? [ENDED_LINE] : [];
  const passes = await overdueIn(tools, target);
  const others = passes.length > 1 ? [overdueLine(target, passes)] : [];
  return { ...page, lines: [...page.lines, ...ended, ...others, ...late] };
}

/** Bounded by the injected clock. What is no PagerError is a bug of the pager, and is tried again like any other. */
export async function callPager<T>(
  { clock, log }: Pick<Tools, 'clock' | 'log'>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [timeout, done] = [new AbortController(), new AbortController()];
  const slept = clock.sleep(PAGE_SECONDS * 1000, done.signal).then(() => {
    if (done.signal.aborted) return;
    timeout.abort();
    throw new PagerError('unreachable', `no answer within ${PAGE_SECONDS} s`);
  });
  try {
    return (await Promise.race([call(timeout.signal), slept])) as T;
  } catch (error) {
    if (error instanceof PagerError) throw error;
    log.error('a pager failed in a way it should not', { error });
    throw new PagerError('unreachable', 'the pager failed', { cause: error });
  } finally {
    done.abort('over'); // the reason spares an error with a stack trace that nobody reads
    slept.catch(() => undefined);
  }
}

async function delivered(tools: Tools, job: Job, pager: string): Promise<void> {
  const told = await tools.store.ownerOf(failingKey(pager));
  await change(
    tools,
    RUNNER,
    async (draft) => {
      if (told !== undefined) draft.release(failingKey(pager), told);
    },
    { hold: job },
  );
}

async function notTaken(tools: Tools, job: Job, { pager, page }: Paging, error: PagerError): Promise<void> {
  const { fault } = error;
  tools.log.error('a page was not taken and will be sent again', { pager, code: page.code, fault, error });
  const now = await tools.store.now();
  if (now - page.at >= FAILING_MS) await tellFailing(tools, pager, fault);
  const wait = backoffMs(job.attempts, { baseMs: 5_000, capMs: GAP_MAX_MS }, tools.ids.jitter());
  const gap = Math.min(Math.max(wait, (error.retryAfterSeconds ?? 0) * 1000), GAP_MAX_MS);
  await tools.store.defer(job, now + gap, error.message);
}

/** Once for each pager while it lasts, however many pages wait and however many replicas try. */
async function tellFailing(tools: Tools, pager: Pager['name'], fault: PagerError['fault']): Promise<void> {
  const key = failingKey(pager);
  if ((await tools.store.ownerOf(key)) !== undefined) return;
  await change(tools, RUNNER, async (draft) => {
    draft.claim({ key, owner: tools.ids.next('alarm'), until: draft.now + TOLD_AGAIN_MS });
    const data = { code: 'pager_failing', facts: { pager, fault } };
    draft.record({ type: 'alarm.raised', at: draft.now, actor: RUNNER, subject: {}, data });
  });
}

function failingKey(pager: string): string {
  return `pager-failing:${pager}`;
}
