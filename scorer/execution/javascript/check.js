// The check's process: runs the tests against a proxy of the candidate.
// Descriptor 3 leads to the candidate, 4 to the scorer. The tests and what they
// expect are only here; the verdict goes out by a descriptor that only this
// process has.
const CANDIDATE = 3;
const SCORER = 4;
const LONGEST_LINE = 16 << 20;
const KNOWN_ERRORS = new Map([Error, EvalError, RangeError, ReferenceError,
  SyntaxError, TypeError, URIError].map((kind) => [kind.name, kind]));

// The candidate threw something that is not among the language's own errors.
class CandidateError extends Error {}
// The candidate ended, or said something that is no answer.
class CandidateGone extends Error {}

const fromCandidate = new Lines(CANDIDATE, LONGEST_LINE);
// The first thing that went wrong which the tests must not swallow.
let wrong = '';
let told = false;

function lose(why) {
  wrong = wrong || why;
  throw new CandidateGone(wrong);
}

function errorOf(body) {
  const [name, text] = listOf(body).map((part) => exactly(part, 'string'));
  const kind = KNOWN_ERRORS.get(name);
  return kind ? new kind(text) : new CandidateError(`${name}: ${text}`);
}

// What an answer comes to; throws what the candidate threw.
function received(answer) {
  const [tag] = keys(answer);
  let body;
  let error;
  try {
    if (tag === 'v') return unpack(answer.v);
    if (tag === 'e') {
      error = errorOf(answer.e);
    } else if (tag === 'p') {
      body = answer.p;
      return 'v' in body ? Promise.resolve(unpack(body.v)) :
                           Promise.reject(errorOf(body.e));
    } else {
      throw new TypeError(`tag ${tag}`);
    }
  } catch {
    lose('no answer');
  }
  throw error;
}

function hear() {
  if (wrong) throw new CandidateGone(wrong);
  let answer;
  try {
    const line = fromCandidate.next();
    answer = line === null ? null : parse(line);
  } catch {
    lose('no answer');
  }
  if (answer === null || typeof answer !== 'object') {
    lose('the candidate ended early');
  }
  return received(answer);
}

function proxyOf(entryPoint) {
  const proxy = (...values) => {
    if (wrong) throw new CandidateGone(wrong);
    const line = asText(values.map((value) => pack(value)));
    try {
      say(CANDIDATE, line);
    } catch {
      lose('the candidate ended early');
    }
    return hear();
  };
  Object.defineProperty(proxy, 'name', {value: entryPoint});
  return proxy;
}

// What the prompt defines before the function under test: the tests may use it,
// and the candidate can't replace it.
function helpersOf(prompt, entryPoint) {
  const name = entryPoint.replace(/\$/g, '\\$&');
  const begin = prompt.search(new RegExp(
      `^(async\\s+)?(function\\s*\\*?|const|let|var)\\s+${name}\\b`, 'm'));
  const text = begin < 0 ? prompt : prompt.slice(0, begin);
  try {
    compileFunction(text, ['require', entryPoint]);
    return text;
  } catch {
    return '';  // An unfinished text.
  }
}

function tell(why) {
  if (told) return;
  told = true;
  say(SCORER, why ? 'F' + why.replace(/[^\x20-\x7e]/g, ' ').slice(0, 400) : 'P');
  process.reallyExit(0);
}

// Node's own only writes a line.
console.assert = (condition, ...rest) => {
  if (condition) return;
  wrong = wrong || 'AssertionError: ' + rest.map(String).join(' ').slice(0, 200);
  throw new Error(wrong);
};

async function main() {
  process.on('exit', () => tell(wrong || 'the tests did not end'));
  process.on('uncaughtException', (error) => tell(wrong || describe(error)));
  process.on('unhandledRejection', (error) => tell(wrong || describe(error)));
  const [prompt, tests, entryPoint] =
      parse(readFileSync('/box/tests.json', 'latin1'));
  try {
    hear();  // Whether there is a candidate.
    const candidate = proxyOf(entryPoint);
    const run = compileFunction(
        `${helpersOf(prompt, entryPoint)}\n${tests}\n` +
            `;return typeof check === 'function' ? check : undefined;`,
        ['require', entryPoint], {filename: 'tests.js'});
    const check = run(require, candidate);
    if (check !== undefined) await check(candidate);
  } catch (error) {
    tell(wrong || describe(error));
  }
  tell(wrong);
}

main();
