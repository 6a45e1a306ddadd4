// The contract of a pager can fail: a pager in memory that keeps it, and one wrong on purpose for each case, which that case catches.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { oneLine } from '../../src/lib/plain-text.ts';
import { definePager, type Page, PagerError, type PagerFault } from '../../src/ports/pager.ts';
import { PAGER_CASES, type PagerBench, type Trouble } from './pager.ts';

const SECRET = 'correct-horse-battery';

interface Flaws {
  readonly forgetsLines?: true;
  readonly countsEachSend?: true;
  readonly oneMatter?: true;
  readonly oneDeployment?: true;
  readonly threadsEachPage?: true;
  readonly wrongFault?: PagerFault;
  readonly tellsSecret?: true;
  readonly deafToAbort?: true;
  readonly startsAborted?: true;
  readonly letsAnybodyIn?: true;
  readonly checkWakes?: true;
  readonly checkIsBlind?: true;
  readonly keepsBreaks?: true;
  readonly cutsKeys?: true;
  readonly takesAnySetting?: true;
  readonly throwsPlain?: true;
}

const FAULT: { readonly [trouble in Trouble]: PagerFault } = {
  busy: 'busy',
  refused: 'refused',
  unreachable: 'unreachable',
  silent: 'unreachable',
  lost_answer: 'unreachable',
};

async function memoryBench(flaws: Flaws): Promise<PagerBench> {
  const arrived: { title: string; text: string; matter: string; identity: string }[] = [];
  const troubles: Trouble[] = [];
  let [calls, sends] = [0, 0];
  const strict = z.strictObject({ token: z.string() });
  const kind = definePager<{ token: string }>({
    kind: 'memory',
    title: 'Memory',
    config: flaws.takesAnySetting ? z.looseObject({ token: z.string() }) : strict,
    open: (name, { token }, { deploymentId }) => {
      async function call(signal: AbortSignal, deliver: () => void): Promise<void> {
        if (signal.aborted && !flaws.startsAborted) throw new PagerError('unreachable', 'not asked');
        calls += 1;
        if (token !== SECRET && !flaws.letsAnybodyIn) throw new PagerError('refused', 'wrong token');
        const trouble = troubles.shift();
        if (trouble === 'lost_answer') deliver();
        if (trouble === 'silent') await silence(signal);
        if (trouble === undefined) return deliver();
        const says = flaws.tellsSecret ? `it does not like ${SECRET}` : `it is ${trouble}`;
        throw flaws.throwsPlain ? new Error(says) : new PagerError(flaws.wrongFault ?? FAULT[trouble], says);
      }
      async function silence(signal: AbortSignal): Promise<void> {
        if (flaws.deafToAbort) return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }
      return {
        name,
        page: (page, signal) => call(signal, () => void arrived.push(shown(page, deploymentId))),
        check: (signal) =>
          call(signal, () => void (flaws.checkWakes && arrived.push(shown(PAGE_OF_CHECK, deploymentId)))).catch(
            (error: unknown) => {
              if (!flaws.checkIsBlind) throw error;
            },
          ),
      };
    },
  });
  function shown(page: Page, deployment: string) {
    sends += 1;
    const key = flaws.cutsKeys ? page.key.slice(0, 100) : page.key;
    const matter = flaws.oneMatter ? 'x' : `${flaws.oneDeployment ? '' : deployment} ${key}`;
    const line = (text: string) => (flaws.keepsBreaks ? text : oneLine(text, 2_000));
    return {
      title: `${page.organization}: ${line(page.title)}`,
      text: [...(flaws.forgetsLines ? [] : page.lines), page.runBook].join('\n'),
      matter: flaws.threadsEachPage ? `${matter} ${page.at}` : matter,
      identity: flaws.countsEachSend ? String(sends) : `${matter} ${page.key} ${page.at}`,
    };
  }
  return {
    kind: kind as never,
    settings: { token: SECRET },
    lockedOut: { token: 'wrong-horse-battery' },
    secret: SECRET,
    arrived: () => arrived,
    fail: (trouble) => void troubles.push(trouble),
    calls: () => calls,
    close: async () => undefined,
  };
}

const PAGE_OF_CHECK: Page = { key: 'c', code: 'c', title: 'c', lines: [], at: 0, organization: 'c', runBook: 'c' };

function failsWith(flaws: Flaws, name: string): Promise<boolean> {
  const found = PAGER_CASES.find(([known]) => known === name);
  if (!found) throw new Error(`the contract has no case “${name}”`);
  return memoryBench(flaws)
    .then((bench) => found[1](bench))
    .then(
      () => false,
      () => true,
    );
}

const CAUGHT: readonly (readonly [Flaws, string])[] = [
  [{ forgetsLines: true }, 'hands over everything people need: whose, what, when, what to do'],
  [{ countsEachSend: true }, 'shows a page that is sent twice once, and a repeat as one more of the same matter'],
  [{ threadsEachPage: true }, 'shows a page that is sent twice once, and a repeat as one more of the same matter'],
  [{ oneMatter: true }, 'keeps matters apart, and deployments too'],
  [{ oneDeployment: true }, 'keeps matters apart, and deployments too'],
  [{ countsEachSend: true }, 'is the same after a restart'],
  [{ wrongFault: 'invalid' }, 'says what is wrong when it is busy, and works again afterwards'],
  [{ tellsSecret: true }, 'says what is wrong when it is refused, and works again afterwards'],
  [{ throwsPlain: true }, 'says what is wrong when it is unreachable, and works again afterwards'],
  [{ countsEachSend: true }, 'says what is wrong when it is lost_answer, and works again afterwards'],
  [{ deafToAbort: true, wrongFault: 'busy' }, 'gives up when it is told to, although nobody answers'],
  [{ startsAborted: true }, 'calls nobody for a signal that has fired already'],
  [{ letsAnybodyIn: true }, 'is refused with wrong credentials, in page and in check, without repeating them'],
  [{ checkWakes: true }, 'checks without waking anybody'],
  [{ checkIsBlind: true }, 'finds in the check what is out of reach'],
  [{ keepsBreaks: true }, 'takes texts of any kind for nothing but text'],
  [{ cutsKeys: true }, 'takes keys of any length'],
  [{ takesAnySetting: true }, 'refuses settings that it does not know'],
];

describe('the contract of a pager', () => {
  it.each(PAGER_CASES)('is kept by one that is right: %s', async (_, run) => {
    await run(await memoryBench({}));
  });
  it.each(CAUGHT)('%o: caught by “%s”', async (flaws, name) => {
    expect(await failsWith(flaws, name)).toBe(true);
  });
  it('has no case that nothing fails', () => {
    expect(new Set(CAUGHT.map(([, name]) => name))).toEqual(new Set(PAGER_CASES.map(([name]) => name)));
  });
});
