// The official client of the Model Context Protocol against `evalloop mcp`, with
// every service behind it. mcp_client_test.py starts those, and a model that can
// be held back.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';

const {EVALLOOP_BIN, MODEL_URL} = process.env;

async function connect(...flags) {
  const client = new Client({name: 'evalloop-test', version: '1.0.0'});
  await client.connect(new StdioClientTransport({
    command: EVALLOOP_BIN,
    args: ['mcp', ...flags],
    env: process.env,
    stderr: 'ignore',
  }));
  return client;
}

async function allTools(client) {
  const tools = [];
  let cursor;
  do {
    const page = await client.listTools(cursor === undefined ? {} : {cursor});
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

const revision = (maxTokens) => ({
  template: {form: 'FORM_PREFIX_SUFFIX', text: '{{prefix}}'},
  model: {name: 'scripted', snapshot: 'one'},
  sampling: {max_tokens: maxTokens, temperature: 0, stop: ['\n']},
  output: {extent: 'EXTENT_LINE', always: {}},
});

let client;
before(async () => {
  client = await connect();
});
after(() => client.close());

// The answer of a call that must succeed.
async function call(name, args = {}, options = {}) {
  const result = await client.callTool({name, arguments: args}, undefined,
                                       options);
  assert.ok(!result.isError, JSON.stringify(result.content));
  assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
  return result.structuredContent;
}

// The words of a call that must fail.
async function refused(name, args) {
  const result = await client.callTool({name, arguments: args});
  assert.equal(result.isError, true, JSON.stringify(result.structuredContent));
  assert.equal(typeof result.structuredContent.error.code, 'number');
  return result.content[0].text;
}

test('it says who it is and how to use it', () => {
  assert.equal(client.getServerVersion().name, 'evalloop');
  assert.match(client.getInstructions(), /start_gate/);
});

test('a choice of tools fits on one page, each with words and a schema',
     async () => {
       const page = await client.listTools();
       assert.equal(page.nextCursor, undefined);
       const byName = new Map(page.tools.map((tool) => [tool.name, tool]));
       for (const name of ['list_prompts', 'diff_revisions', 'lint_revision',
                           'start_run', 'start_gate', 'compare_runs',
                           'aggregate_rows', 'list_flips', 'find_regressions',
                           'get_frontier', 'get_item', 'list_completions']) {
         assert.ok(byName.has(name), name);
       }
       for (const tool of page.tools) {
         assert.ok(tool.description.length > 20, tool.name);
         assert.equal(tool.inputSchema.type, 'object');
       }
       const gate = byName.get('start_gate');
       assert.deepEqual(gate.inputSchema.required, ['candidate', 'benchmark']);
       assert.equal(gate.annotations.readOnlyHint, false);
       assert.equal(byName.get('get_gate').annotations.readOnlyHint, true);
       assert.ok(!byName.has('publish_revision'));
     });

test('--all has every method, in pages; --read-only none that changes anything',
     async () => {
       const whole = await connect('--all');
       const names = (await allTools(whole)).map((tool) => tool.name);
       assert.ok(names.length > 90);
       assert.equal(new Set(names).size, names.length);
       assert.ok(names.includes('publish_revision'));
       await whole.close();
       const careful = await connect('--all', '--read-only');
       const tools = await allTools(careful);
       assert.ok(tools.length > 40);
       assert.ok(tools.every((tool) => tool.annotations.readOnlyHint));
       await assert.rejects(
           careful.callTool({name: 'publish_revision', arguments: {}}),
           {code: -32602});
       await careful.close();
     });

test('an agent lints, pushes, gates and reads the verdict', async () => {
  const {prompts} = await call('list_prompts');
  assert.ok(prompts.some((prompt) => prompt.name === 'complete-line'));
  const lint = await call('lint_revision', {content: revision(0)});
  assert.ok(lint.findings.length > 0);

  const pushed = await call(
      'push_revision', {prompt: 'complete-line', content: revision(501)});
  const {version} = pushed.revision;
  const diff = await call('diff_revisions', {
    from: {prompt: 'complete-line', version: 1},
    to: {prompt: 'complete-line', version},
  });
  assert.ok(
      diff.changes.some((change) => change.field === 'sampling.max_tokens'));

  const started = await call('start_gate', {
    candidate: {prompt: 'complete-line', version},
    baseline_revision: {prompt: 'complete-line', label: 'production'},
    benchmark: 'lines',
    policy: {
      tolerances: [{metric: 'exact_match', average_tolerance: 0.2}],
      min_pairs: 20,
    },
  });
  let gate = started.gate;
  while (gate.verdict === 'VERDICT_KIND_UNSPECIFIED') {
    ({gate} = await call('get_gate', {gate_id: gate.gate_id}));
  }
  assert.equal(gate.verdict, 'VERDICT_KIND_PASSED');
  const {comparison} = await call('compare_runs', {
    baseline_run_id: gate.baseline_run_id,
    candidate_run_id: gate.candidate_run_id,
  });
  assert.ok(comparison.deltas.some((delta) => delta.metric === 'exact_match'));
  const {items} = await call('list_items', {
    benchmark: 'lines', page: {page_size: 2}});
  assert.equal(items.length, 2);
});

test('a long call tells its progress and ends with the last of its stream',
     async () => {
       const {revision: pushed} = await call(
           'push_revision', {prompt: 'complete-line', content: revision(502)});
       await fetch(`${MODEL_URL}/hold`);
       const {run} = await call('start_run', {
         revision: {prompt: 'complete-line', version: pushed.version},
         benchmark: 'lines',
       });
       const told = [];
       const watched = call('watch_run', {run_id: run.run_id}, {
         onprogress: (progress) => {
           told.push(progress);
           if (told.length === 1) fetch(`${MODEL_URL}/release`);
         },
       });
       assert.equal((await watched).run.state, 'STATE_FINISHED');
       assert.match(told[0].message, /of 40 rows scored/);
       assert.ok(told.every(
           (one, i) => i === 0 || one.progress > told[i - 1].progress));
     });

test('a cancelled call ends and the session goes on', async () => {
  const {revision: pushed} = await call(
      'push_revision', {prompt: 'complete-line', content: revision(503)});
  await fetch(`${MODEL_URL}/hold`);
  const {run} = await call('start_run', {
    revision: {prompt: 'complete-line', version: pushed.version},
    benchmark: 'lines',
  });
  const controller = new AbortController();
  await assert.rejects(client.callTool(
      {name: 'watch_run', arguments: {run_id: run.run_id}}, undefined, {
        signal: controller.signal,
        onprogress: () => controller.abort('seen enough'),
      }));
  await client.ping();
  const {run: now} = await call('get_run', {run_id: run.run_id});
  assert.equal(now.state, 'STATE_RUNNING');
  await call('cancel_run', {run_id: run.run_id, reason: 'a test'});
  await fetch(`${MODEL_URL}/release`);
});

test('errors are answers that a model can act on', async () => {
  assert.match(await refused('get_run', {run_id: 'no-such-run'}),
               /^(NOT_FOUND|INVALID_ARGUMENT): .*no-such-run/);
  assert.match(await refused('get_run', {run: 'x'}), /inputSchema/);
  assert.match(await refused('start_run', {
                 revision: {prompt: 'complete-line'},
                 benchmark: 'no-such-benchmark',
               }),
               /no-such-benchmark/);
  await assert.rejects(client.callTool({name: 'no_such_tool'}),
                       {code: -32602});
});
