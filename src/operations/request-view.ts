// Loading what messages need about one request. Reads only.
import type { AccessRequest, Grant, PersonId } from '../core/model.ts';
import type { Names, RequestView } from '../messages/view.ts';
import { targetWords } from './target-words.ts';
import type { Tools } from './tools.ts';

export async function viewOf(tools: Tools, request: AccessRequest): Promise<RequestView> {
  const grants = await grantsOf(tools, request);
  const people = new Set<PersonId>([request.requester]);
  if ('approvals' in request) for (const given of request.approvals) people.add(given.by);
  if (request.status === 'denied') people.add(request.by);
  for (const grant of grants) if ('ending' in grant && grant.ending.by !== 'hallpass') people.add(grant.ending.by);
  const target = targetWords(tools, request);
  return {
    catalog: tools.catalog,
    request,
    grants,
    names: await namesOf(tools, [...people]),
    target,
    now: await tools.store.now(),
  };
}

async function grantsOf(tools: Tools, request: AccessRequest): Promise<readonly Grant[]> {
  if (request.purpose.kind !== 'extension')
    return (await tools.store.grantsOfRequest(request.id)).map(({ row }) => row);
  const extended = await tools.store.grant(request.purpose.grant);
  return extended ? [extended.row] : [];
}

export async function namesOf(tools: Tools, ids: readonly PersonId[]): Promise<Names> {
  const people = await tools.store.persons(ids);
  return Object.fromEntries(people.map((person) => [person.id, { name: person.name, account: person.accounts[0] }]));
}
