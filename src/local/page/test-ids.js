// @ts-check
// The names by which tests and scripts find things on the page. They are a promise: rename one only with its users.
//
//   person-switcher            the button that shows who one is; opens the list of people
//   person-button              the same on narrow screens, in the top bar
//   person-<user id>           one person in that list (in the list that is open)
//   channel-<channel id>       link of a channel (data-name: its name, data-unread: how many)
//   home-tab, dm-link          App Home and the direct messages with the bot; home-tab-home / home-tab-messages its tabs
//   target-link                link to "What the target says now"
//   composer, composer-send    the message box of the middle; thread-composer, thread-composer-send of the thread
//   slash-menu, slash-<name>   the menu of commands (`slash-jit` for /jit)
//   message                    one row; data-ts, data-user, data-ephemeral="true", data-place="main|thread"
//   thread-open                "3 replies" under a message; message-reply and message-more in its toolbar
//   shortcut-<callback id>     a message shortcut in that menu
//   thread-panel, thread-close the thread at the side
//   action-<action id>         a button, menu or input of blocks (data-block-id: its block; data-value: a button's value)
//   option-<value>             one suggestion of a search menu, one item of an overflow menu
//   confirm-dialog, confirm-yes, confirm-no
//   modal, modal-title, modal-submit, modal-cancel, modal-close, modal-failure
//   field-<block id>           one input of a form: the labelled block; error-<block id> its error
//   home-view                  App Home; target-view: the target's page
//   target-role-<role>         one role there (data-state="present|absent"); target-holder-<login> who has it
//   target-session             one live session (data-login); target-countdown: what is left
//   query-box, query-run       the query as the acting person; query-preset-<n> from 0
//   query-result, query-error  its outcome; psql-command: what to paste into a terminal
//   toast, guide, guide-step-<n> (from 1, data-done="true|false"), guide-go, guide-dismiss, guide-show
//   guide-again                begins the guide again, when all is done
//   theme-toggle, help-open, help-dialog, jump-dialog, jump-box, banner

/** @param {string} name @param {string} [of] @returns {{ readonly 'data-testid': string }} */
export function testId(name, of) {
  return { 'data-testid': of === undefined ? name : `${name}-${of}` };
}
