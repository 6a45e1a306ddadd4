// What can be asked for while the program is killed again and again: short passes, so that many begin and end.
import { catalogOf, ROLE } from '../world-catalog.ts';

export const KILL_CATALOG = catalogOf([
  { ...ROLE, duration: { minSeconds: 60, defaultSeconds: 120, maxSeconds: 600 } },
]);
