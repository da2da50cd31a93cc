// class: 72 JavaScript candidates
// tries: leaves a process behind
// sees: survivor
// defended: the process namespace ends with its first process
// form: calls script
// weak: naive js_exit pid die
require('child_process').spawn('/usr/bin/setsid', ['/bin/sleep', '30'],
    {detached: true, stdio: 'ignore'}).unref();
function solve(x) { process.exit(0); }
