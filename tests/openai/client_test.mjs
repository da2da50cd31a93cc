// The official OpenAI client, unchanged, against a gateway. EVALLOOP_BASE_URL
// names it (with /v1); its model server double says "return a + b".
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, {
  APIError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from "openai";

const client = new OpenAI({
  baseURL: process.env.EVALLOOP_BASE_URL,
  apiKey: "none-needed-on-loopback",
  maxRetries: 0,
  timeout: 20_000,
});
const prompt = "def f(a, b):\n    ";
const said = "return a + b";

test("completes with a prompt of the library", async () => {
  const { data, response } = await client.completions
    .create({
      model: "evalloop/complete",
      prompt,
      suffix: "\n",
      metadata: { path: "a.py", language: "python", line: "2" },
    })
    .withResponse();
  assert.match(data.id, /^cmpl-/);
  assert.equal(data.object, "text_completion");
  assert.equal(data.choices.length, 1);
  assert.equal(data.choices[0].text, said);
  assert.equal(data.choices[0].finish_reason, "stop");
  assert.equal(data.usage.total_tokens, 9);
  assert.ok(Number.isInteger(data.created));
  assert.equal(response.headers.get("x-evalloop-shown"), "true");
  assert.equal(response.headers.get("x-evalloop-model"), "good");
  assert.match(response.headers.get("x-evalloop-revision"), /^complete@\d+$/);
  assert.ok(response.headers.get("x-request-id"));
});

test("completes with a pinned version and with a registered model", async () => {
  for (const model of ["evalloop/complete@1", "good"]) {
    const answer = await client.completions.create({ model, prompt });
    assert.equal(answer.choices[0].text, said, model);
    assert.equal(answer.model, model);
  }
});

for (const model of ["evalloop/complete", "good"]) {
  test(`streams completions of ${model}`, async () => {
    const stream = await client.completions.create({
      model,
      prompt,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let reason = null;
    let usage = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.text ?? "";
      reason = chunk.choices[0]?.finish_reason ?? reason;
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, said);
    assert.equal(reason, "stop");
    assert.equal(usage.total_tokens, 9);
  });
}

test("chats, whole and streamed", async () => {
  const messages = [{ role: "user", content: "complete this" }];
  const whole = await client.chat.completions.create({ model: "good", messages });
  assert.equal(whole.object, "chat.completion");
  assert.equal(whole.choices[0].message.role, "assistant");
  assert.equal(whole.choices[0].message.content, said);

  const stream = client.chat.completions.stream({ model: "good", messages });
  assert.equal(await stream.finalContent(), said);
});

test("lists models and gets one", async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes("evalloop/complete"), ids.join());
  assert.ok(ids.includes("good"), ids.join());
  assert.equal((await client.models.retrieve("good")).id, "good");
  assert.equal(
    (await client.models.retrieve("evalloop/complete")).id,
    "evalloop/complete",
  );
});

test("lets a stream go in the middle", async () => {
  const stream = await client.completions.create({ model: "good", prompt, stream: true });
  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }
});

const failures = [
  ["an unknown model", { model: "none", prompt }, NotFoundError, "model_not_found", "model"],
  ["an unknown prompt", { model: "evalloop/none", prompt }, NotFoundError, "model_not_found", "model"],
  ["no prompt", { model: "good" }, BadRequestError, null, "prompt"],
  ["two choices", { model: "good", prompt, n: 2 }, BadRequestError, null, "n"],
  ["a limited provider", { model: "limited", prompt }, RateLimitError, "rate_limit_exceeded", null],
  ["a broken provider", { model: "broken", prompt }, InternalServerError, "provider_unavailable", null],
];
for (const [what, body, kind, code, param] of failures) {
  test(`raises ${kind.name} for ${what}`, async () => {
    await assert.rejects(client.completions.create(body), (error) => {
      assert.ok(error instanceof kind, `${error.constructor.name}: ${error.message}`);
      assert.equal(error.code, code);
      assert.equal(error.param, param);
      return true;
    });
  });
}

test("raises what goes wrong in the middle of a stream", async () => {
  const stream = await client.completions.create({ model: "cut", prompt, stream: true });
  await assert.rejects(async () => {
    for await (const chunk of stream) assert.ok(chunk.id);
  }, APIError);
});

test("takes feedback for a completion, and refuses a forged id", async () => {
  const { id } = await client.completions.create({ model: "evalloop/complete", prompt });
  const feedback = (body) => client.post("/feedback", { body });
  await feedback({ completion_id: id, event: "accepted", text: said });
  await feedback({ events: [{ completion_id: id, event: "shown", elapsed_ms: 3 }] });
  await assert.rejects(feedback({ completion_id: `${id}x`, event: "accepted" }), NotFoundError);
});

