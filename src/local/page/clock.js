// @ts-check
// The workspace's time, not this browser's: the only place that looks at the machine's clock.

let offsetMs = 0;

/** @param {number} workspaceNow milliseconds since 1970, as the last snapshot said */
export function setWorkspaceTime(workspaceNow) {
  offsetMs = workspaceNow - Date.now();
}

/** @returns {number} milliseconds since 1970 by the workspace's clock */
export function workspaceNow() {
  return Date.now() + offsetMs;
}
