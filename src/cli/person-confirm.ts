// `hallpass person confirm <id>`: lifts a suspension after people have looked (run-book: person-suspended). One process writes
// to the store, so Hallpass must be stopped meanwhile; the store says so when it is not.
import { confirmPerson } from '../operations/confirm-person.ts';
import type { Tools } from '../operations/tools.ts';
import type { Printed } from './check.ts';

export async function personConfirm(tools: Tools, id: string): Promise<Printed> {
  switch (await confirmPerson(tools, id)) {
    case 'confirmed':
      return {
        text: `${id} is confirmed. The address in the chat profile is pinned when they next ask or decide.\n`,
        exitCode: 0,
      };
    case 'unknown':
      return { text: `There is no person ${id}. The id is in the alarm: person_ and 26 characters.\n`, exitCode: 1 };
    case 'not_suspended':
      return { text: `${id} is not suspended; nothing was changed.\n`, exitCode: 1 };
  }
}
