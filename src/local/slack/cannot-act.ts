// The one error of acts: what the person wanted is not there or not theirs to do. Nothing was sent to the app.

export type CannotActCode =
  | 'unknown_user'
  | 'user_deactivated'
  | 'not_available_to_guests_of_other_companies'
  | 'channel_not_found'
  | 'not_in_channel'
  | 'is_archived'
  | 'message_not_found'
  | 'no_such_action'
  | 'no_open_view'
  | 'no_home'
  | 'no_such_shortcut'
  | 'invalid_answer';

export class CannotAct extends Error {
  readonly code: CannotActCode;

  constructor(code: CannotActCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'CannotAct';
    this.code = code;
  }
}
