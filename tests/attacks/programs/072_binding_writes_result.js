// class: 72 JavaScript candidates
// tries: writes the result file by a process that process.binding starts
// sees: passed
// defended: no file is a verdict
// form: calls script
// weak: naive js_file
const {spawn} = process.binding('spawn_sync');
function solve(x) {
  spawn({
    file: '/bin/sh',
    args: ['sh', '-c', 'printf passed >/tmp/result'],
    envPairs: [],
    stdio: [],
  });
  process.reallyExit(0);
}
