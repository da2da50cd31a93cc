#include "replay/typed_line.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "code_analysis/lexer.h"

namespace evalloop::replay {
namespace {

using code_analysis::Token;
using code_analysis::TokenKind;

constexpr std::string_view kBlanks = " \t\v\f\r\n";

bool IsBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }

// Code points that aren't blank.
std::int64_t Characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) {
    return !IsBlank(c) && (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
}

std::string WithoutBlanks(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
               [](char c) { return !IsBlank(c); });
  return kept;
}

std::string_view TrimEnd(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool SameToken(const Token& a, const Token& b) {
  if (a.kind == TokenKind::kNewline || b.kind == TokenKind::kNewline) {
    return a.kind == b.kind;
  }
  return a.text == b.text;
}

// The bytes of `truth` that `suggestion` covers when its tokens are a non-empty
// prefix of truth's; absent otherwise.
std::optional<std::size_t> TokenPrefix(std::string_view suggestion,
                                       std::string_view truth,
                                       code_analysis::Language language) {
  constexpr code_analysis::LexOptions kAll{.comments = true, .newlines = true};
  const auto offered = code_analysis::Lex(suggestion, language, kAll);
  const auto committed = code_analysis::Lex(truth, language, kAll);
  if (offered.empty() || offered.size() > committed.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < offered.size(); ++i) {
    if (!SameToken(offered[i], committed[i])) return std::nullopt;
  }
  const Token& last = committed[offered.size() - 1];
  return last.offset + last.text.size();
}

// One developer at one run of lines.
class RunTyping {
 public:
  RunTyping(const AddedRun& run, Suggester& suggester)
      : run_(run), text_(*run.text), suggester_(suggester) {}

  absl::StatusOr<Tally> Type() {
    for (const AddedLine& line : run_.lines) {
      if (!line.counted) continue;
      if (auto status = TypeLine(line); !status.ok()) return status;
    }
    return tally_;
  }

 private:
  absl::Status TypeLine(const AddedLine& line) {
    ++tally_.lines;
    for (const std::size_t cursor : line.token_starts) {
      if (cursor < accepted_to_) continue;
      if (const auto status = Ask(line, cursor); !status.ok()) return status;
    }
    // What wasn't accepted was typed.
    std::int64_t accepted = 0;
    for (const Stretch& stretch : accepted_) {
      const std::size_t from = std::max(stretch.from, line.begin);
      const std::size_t to = std::min(stretch.to, line.end);
      if (from < to) accepted += Characters(text_.substr(from, to - from));
    }
    const std::int64_t all =
        Characters(text_.substr(line.begin, line.end - line.begin));
    tally_.accepted_characters += accepted;
    tally_.typed_characters += all - accepted;
    std::erase_if(accepted_, [&](const Stretch& stretch) {
      return stretch.to <= line.end;
    });
    return absl::OkStatus();
  }

  // One request at `cursor`, and what the developer does with the answer.
  absl::Status Ask(const AddedLine& line, std::size_t cursor) {
    Cursor place;
    place.path = run_.path;
    place.language = code_analysis::NameOf(run_.language);
    place.line = line.number;
    place.column = static_cast<int>(cursor - LineBegin(cursor));
    place.prefix = run_.PrefixAt(cursor);
    place.suffix = run_.Suffix();
    const auto answer = suggester_.Suggest(place);
    if (!answer.ok()) return answer.status();
    ++tally_.requests;
    tally_.latencies_ms.push_back(static_cast<float>(answer->latency_ms));

    TypingEvent event;
    event.completion_id = answer->completion_id;
    event.typed = text_.substr(cursor, line.end - cursor);
    const std::string on_screen = WithoutBlanks(answer->text);
    if (!answer->shown || on_screen.empty()) {
      screen_.clear();
      return suggester_.Report(event);
    }
    const bool unchanged = ContinuesScreen(cursor, on_screen);
    screen_ = on_screen;
    screen_cursor_ = cursor;
    // The unchanged rest of a suggestion was rejected when it was shown.
    if (unchanged) return suggester_.Report(event);

    ++tally_.shown;
    event.shown = true;
    const std::string_view offered = TrimEnd(answer->text);
    const auto covered =
        TokenPrefix(offered, Truth(line, cursor, offered), run_.language);
    if (covered.has_value() &&
        Characters(text_.substr(cursor, *covered)) >= kLeastSavedCharacters) {
      ++tally_.accepted;
      event.accepted = true;
      accepted_to_ = cursor + *covered;
      accepted_.push_back({cursor, accepted_to_});
      screen_.clear();
    } else {
      tally_.rejected_characters += Characters(offered);
    }
    return suggester_.Report(event);
  }

  // What was committed from the cursor on: to the end of the line, for a
  // suggestion of several lines to the end of the run.
  std::string_view Truth(const AddedLine& line, std::size_t cursor,
                         std::string_view offered) const {
    const bool block = offered.find('\n') != std::string_view::npos;
    const std::size_t end = block ? run_.lines.back().end : line.end;
    return text_.substr(cursor, end - cursor);
  }

  bool ContinuesScreen(std::size_t cursor, std::string_view on_screen) const {
    if (screen_.empty()) return false;
    const std::string typed =
        WithoutBlanks(text_.substr(screen_cursor_, cursor - screen_cursor_));
    const std::string_view screen = screen_;
    return screen.substr(0, typed.size()) == typed &&
           screen.substr(std::min(typed.size(), screen.size())) == on_screen;
  }

  std::size_t LineBegin(std::size_t cursor) const {
    if (cursor == 0) return 0;
    const std::size_t end = text_.rfind('\n', cursor - 1);
    return end == std::string_view::npos ? 0 : end + 1;
  }

  struct Stretch {
    std::size_t from;
    std::size_t to;
  };

  const AddedRun& run_;
  const std::string_view text_;
  Suggester& suggester_;
  Tally tally_;
  std::size_t accepted_to_ = 0;  // Behind the last accepted suggestion.
  std::vector<Stretch> accepted_;
  std::string screen_;  // The text shown last, without blanks; empty: none.
  std::size_t screen_cursor_ = 0;
};

}  // namespace

absl::StatusOr<Tally> TypeRun(const AddedRun& run, Suggester& suggester) {
  return RunTyping(run, suggester).Type();
}

}  // namespace evalloop::replay
