#include "scorer/service/page_token.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "platform/base/crypto.h"
#include "platform/base/reason.h"

namespace evalloop::scorer {
namespace {

// What stands before the next newline; `rest` goes on after it.
std::optional<std::string_view> NextLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string WritePageToken(const ScoreCursor& cursor, std::string_view prefix) {
  return base::Base64UrlEncode(fmt::format(
      "{}\n{}\n{}\n{}\n", absl::ToUnixMicros(cursor.score_time),
      cursor.scorer_digest, cursor.subject, base::Sha256Hex(prefix)));
}

absl::StatusOr<ScoreCursor> ReadPageToken(std::string_view token,
                                          std::string_view prefix) {
  if (token.empty()) return ScoreCursor();
  const auto bad = [](std::string_view what) {
    return base::FieldError("page.page_token", what,
                            "take it from the page before, unchanged");
  };
  const std::optional<std::string> text = base::Base64UrlDecode(token);
  if (!text.has_value()) return bad("not a page token");
  std::string_view rest = *text;
  const auto time = NextLine(rest);
  const auto digest = NextLine(rest);
  const auto subject = NextLine(rest);
  const auto filter = NextLine(rest);
  std::int64_t micros = 0;
  if (!filter.has_value() ||
      std::from_chars(time->data(), time->data() + time->size(), micros).ec !=
          std::errc()) {
    return bad("not a page token");
  }
  if (*filter != base::Sha256Hex(prefix)) return bad("made for another filter");
  ScoreCursor cursor;
  cursor.score_time = absl::FromUnixMicros(micros);
  cursor.scorer_digest = std::string(*digest);
  cursor.subject = std::string(*subject);
  return cursor;
}

}  // namespace evalloop::scorer
