#ifndef EVALLOOP_MODEL_SERVER_HTTP_COMPLETION_JSON_H_
#define EVALLOOP_MODEL_SERVER_HTTP_COMPLETION_JSON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "code_analysis/language.h"
#include "model_server/domain/completer.h"
#include "platform/http/message.h"

namespace evalloop::model_server {

// The body of POST /v1/completions. Fields that mean nothing to this model
// (temperature, seed, user ...) are ignored, as OpenAI's clients send them.
struct CompletionCall {
  std::string model;
  std::string prompt;
  std::string suffix;
  std::string path;  // metadata.path
  code_analysis::Language language = code_analysis::Language::kUnknown;
  std::optional<std::string> index_commit;
  std::vector<std::string> stop;
  int max_tokens = 48;
  int choices = 1;  // The larger of n and best_of: beams come ranked.
  bool logprobs = false;
  bool stream = false;
  bool include_usage = false;  // Of the stream.
};

// InvalidArgument names the field. The header x-evalloop-index-commit says the
// same as the field index_commit, which wins.
absl::StatusOr<CompletionCall> ReadCompletionCall(const http::Request& request);

// What every answer and every chunk of it carries.
struct AnswerStamp {
  std::string id;  // "cmpl-..."
  std::int64_t created = 0;
  std::string model;
  std::string digest;
  std::string index_commit;
};

// Cuts each choice before the first of `stop` that it holds.
void ApplyStop(const std::vector<std::string>& stop, CompletionResult& result);

// The whole answer as JSON.
std::string WriteAnswer(const AnswerStamp& stamp, const CompletionCall& call,
                        const CompletionResult& result);

// The answer as the data of server-sent events, [DONE] not included: a chunk a
// token, then one with the finish reason a choice, then one with the usage
// where it was asked for.
std::vector<std::string> WriteChunks(const AnswerStamp& stamp,
                                     const CompletionCall& call,
                                     const CompletionResult& result);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_HTTP_COMPLETION_JSON_H_
