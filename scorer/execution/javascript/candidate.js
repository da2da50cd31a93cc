// The candidate's process when the tests are a script: answers the calls of the
// check, which descriptor 3 leads to. Nothing here knows a test, an expected
// value or a verdict.
const CHECK = 3;

function outcome(error) {
  let name = 'Error';
  let text = '';
  try {
    name = error instanceof Error ? String(error.name) : typeof error;
    text = error instanceof Error ? String(error.message) : String(error);
  } catch {
  }
  return {e: [name.slice(0, 80), text.slice(0, 300)]};
}

async function answer(candidate, line) {
  let value;
  try {
    value = candidate(...parse(line).map(unpack));
  } catch (error) {
    return outcome(error);
  }
  try {
    if (value === null || typeof value !== 'object' ||
        typeof value.then !== 'function') {
      return {v: pack(value)};
    }
  } catch (error) {
    return outcome(error);
  }
  try {
    return {p: {v: pack(await value)}};
  } catch (error) {
    return {p: outcome(error)};
  }
}

async function main() {
  const lines = new Lines(CHECK);
  let candidate;
  let said = {v: null};
  try {
    const [program, entryPoint] =
        parse(readFileSync('/box/candidate.json', 'latin1'));
    candidate = load(program, entryPoint);
  } catch (error) {
    said = outcome(error);
  }
  say(CHECK, asText(said));
  for (let line = lines.next(); line !== null; line = lines.next()) {
    said = await answer(candidate, line);
    say(CHECK, asText(said));
  }
  process.reallyExit(0);
}

main();
