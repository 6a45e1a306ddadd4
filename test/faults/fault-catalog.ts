// Who there is in a case and what can be asked for: one person asks, one approves, one is of security; short passes.
import type { Catalog } from '../../src/core/catalog.ts';
import type { JsonObject } from '../../src/core/model.ts';
import type { FakePerson } from '../fakes/fake-chat.ts';
import { catalogOf, ROLE } from '../world-catalog.ts';

const PASS_SECONDS = 120;
export const ASK = `${ROLE.name} 2m fix INC-42`;
const APPROVER = 'approver@people.test';
/** So many that the card in the channel is enough: each private card would be as much work again, and tell nothing new. */
const SILENT = Array.from({ length: 10 }, (_, at) => `silent-${at}@people.test`);
const SECURITY = 'sam@people.test';

/** `requester` is the address that the target knows the person by. */
export function faultCatalog(requester: string, entitlement: JsonObject): Catalog {
  const duration = { minSeconds: 60, defaultSeconds: PASS_SECONDS, maxSeconds: 600 };
  const group = (name: string, members: readonly string[]) => ({ [name]: { name, members, platformGroups: [] } });
  const groups = {
    ...group('engineers', [requester]),
    ...group('dbas', [APPROVER, ...SILENT]),
    ...group('secops', [SECURITY]),
  };
  return { ...catalogOf([{ ...ROLE, entitlement, duration }]), groups };
}

export function faultPeople(requester: string): readonly FakePerson[] {
  const person = (user: string, email: string): FakePerson => ({
    user: `U-${user}`,
    name: user,
    email,
    standing: 'member',
  });
  const silent = SILENT.map((email, at) => person(`silent-${at}`, email));
  return [...silent, person('mia', requester), person('ana', APPROVER), person('sam', SECURITY)];
}
