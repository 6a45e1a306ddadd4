// Loaded into npm by `npmCi`: npm ends when the set-up that started it does, even by kill -9. An install that ran on by
// itself would write into the folder that the next set-up is repairing.
const { Socket } = require('node:net');

try {
  new Socket({ fd: 3 })
    .on('end', () => process.exit(1))
    .resume()
    .unref(); // the parent's end of the pipe closed
} catch {
  // a program that npm starts itself: it has no such pipe, and ends with npm
}
