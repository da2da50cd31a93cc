#ifndef EVALLOOP_REPLAY_TESTING_SCRIPTED_SUGGESTER_H_
#define EVALLOOP_REPLAY_TESTING_SCRIPTED_SUGGESTER_H_

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "replay/typed_line.h"

namespace evalloop::replay {

// What a request saw; owns its texts.
struct SeenCursor {
  std::string path;
  int line = 0;
  int column = 0;
  std::string prefix;
  std::string suffix;
};

// A Suggester that answers from a function of the cursor and keeps all that it
// was asked and told. An answer without text is not shown. Thread-safe.
class ScriptedSuggester final : public Suggester {
 public:
  using Script = std::function<absl::StatusOr<Suggestion>(const Cursor&)>;

  explicit ScriptedSuggester(Script script) : script_(std::move(script)) {}

  absl::StatusOr<Suggestion> Suggest(const Cursor& cursor) override {
    const std::lock_guard lock(mutex_);
    cursors_.push_back({std::string(cursor.path), cursor.line, cursor.column,
                        std::string(cursor.prefix),
                        std::string(cursor.suffix)});
    auto answer = script_(cursor);
    if (answer.ok()) {
      answer->completion_id = "c" + std::to_string(cursors_.size());
    }
    return answer;
  }

  absl::Status Report(const TypingEvent& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    return absl::OkStatus();
  }

  std::vector<SeenCursor> cursors() const {
    const std::lock_guard lock(mutex_);
    return cursors_;
  }
  std::vector<TypingEvent> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  Script script_;
  mutable std::mutex mutex_;
  std::vector<SeenCursor> cursors_;
  std::vector<TypingEvent> events_;
};

// Shows `text` at column `column` and nothing elsewhere.
inline ScriptedSuggester::Script ShowAt(int column, std::string text) {
  return [column, text = std::move(text)](
             const Cursor& cursor) -> absl::StatusOr<Suggestion> {
    Suggestion suggestion;
    if (cursor.column == column) {
      suggestion.text = text;
      suggestion.shown = true;
    }
    return suggestion;
  };
}

}  // namespace evalloop::replay

#endif  // EVALLOOP_REPLAY_TESTING_SCRIPTED_SUGGESTER_H_
