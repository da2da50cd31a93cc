#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_COMPLETER_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_COMPLETER_H_

#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"
#include "model_server/domain/index_snapshot.h"

namespace evalloop::model_server {

// What to complete. Texts are UTF-8 as far as the file is.
struct CompletionQuery {
  std::string_view prefix;
  std::string_view suffix;
  std::string_view
      path;  // May be empty: then nothing of the index is its file.
  code_analysis::Language language = code_analysis::Language::kUnknown;
  int max_tokens = 48;  // 1 to 256.
  int choices = 1;      // 1 to 8.
};

struct PredictedToken {
  std::string text;    // With the blank before it, as it joins the line.
  double logprob = 0;  // Natural; given all before it.
  int order = 0;       // Longest context in which it was seen, in tokens.
  int support = 0;     // How often it was seen there.
};

// One way on, up to the end of the line.
struct CompletionChoice {
  std::string text;  // The tokens' texts joined; no line end.
  std::vector<PredictedToken> tokens;
  bool ended = false;      // The model ended the line; else max_tokens did.
  double end_logprob = 0;  // Of the line's end after the last token; if ended.
};

struct CompletionResult {
  std::vector<CompletionChoice> choices;  // Best ranked first; may be empty.
  int prompt_tokens = 0;
};

// Completes the cursor's line by beam search over the blended model. Reads the
// snapshot only; safe for concurrent use.
CompletionResult Complete(const IndexSnapshot& snapshot,
                          const CompletionQuery& query);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_COMPLETER_H_
