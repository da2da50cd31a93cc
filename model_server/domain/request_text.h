#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_REQUEST_TEXT_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_REQUEST_TEXT_H_

#include <optional>
#include <string_view>
#include <vector>

#include "model_server/domain/file_matcher.h"
#include "model_server/domain/index_snapshot.h"
#include "model_server/domain/source_text.h"
#include "model_server/domain/vocabulary.h"

namespace evalloop::model_server {

// A request's text in the model's words.
struct RequestText {
  RequestText(const IndexSnapshot& snapshot, std::string_view prefix,
              std::string_view suffix, code_analysis::Language language);

  Words words;
  CursorText cursor;
  // Everything before the cursor, a kBoundary first; without a last token that
  // may still go on.
  std::vector<TokenId> context;
  // That token as it was typed so far.
  std::string_view partial;
  FileMatcher file;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_REQUEST_TEXT_H_
