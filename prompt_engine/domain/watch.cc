#include "prompt_engine/domain/watch.h"

#include <algorithm>
#include <utility>

#include "code_analysis/language.h"

namespace evalloop::prompt_engine {
namespace {

std::string_view FirstLine(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\v\f\r\n") == std::string_view::npos;
}

// A model may run on past the line that the policy would show.
std::string_view SuggestionOf(const Outcome& outcome) {
  return outcome.shown ? std::string_view(outcome.shown_text)
                       : FirstLine(outcome.raw_text);
}

Told ToldBy(FeedbackKind kind) {
  switch (kind) {
    case FeedbackKind::kAccepted:
    case FeedbackKind::kEdited:
      return Told::kTaken;
    case FeedbackKind::kRejected:
    case FeedbackKind::kDismissed:
    case FeedbackKind::kTyped:
      return Told::kRefused;
    case FeedbackKind::kUnspecified:
    case FeedbackKind::kShown:
      break;
  }
  return Told::kNothing;
}

Suggested SuggestedOf(const Watch& watch) {
  const auto language = code_analysis::ParseLanguage(watch.language);
  Suggested suggested;
  suggested.text = GlyphsOf(watch.suggestion, language);
  suggested.typed_characters = watch.typed_characters;
  suggested.told = ToldBy(watch.feedback);
  if (watch.typed) suggested.typed = GlyphsOf(*watch.typed, language);
  return suggested;
}

bool SearchEnds(const Watch& watch, const CommitHeader& commit) {
  const absl::Time from =
      std::max(watch.serve_time, watch.first_time.value_or(watch.serve_time));
  return commit.commit_time > from + kSearchWindow ||
         commit.position > watch.first_position + kSearchCommits;
}

void Shift(Watch& watch, const ChangedFiles& files) {
  const LexedFile* const file = files.Find(watch.place.path);
  if (file == nullptr) return;
  const code_analysis::FileChange& change = file->change();
  if (change.old_path.empty() || change.new_path.empty()) return;
  watch.place.path = change.new_path;
  watch.place.line = file->NearestNewLine(watch.place.line);
}

Landing Land(Watch& watch, const CommitHeader& commit, const Found& found) {
  CommittedOutcome& committed = watch.committed.emplace();
  committed.kind =
      found.similarity == 1 ? CommittedKind::kKept : CommittedKind::kEdited;
  committed.commit = commit.sha;
  committed.commit_time = commit.commit_time;
  committed.path = found.file->change().new_path;
  committed.line = found.line();
  committed.end_line = found.end_line();
  committed.text = found.TextToLineEnd();
  committed.similarity = found.similarity;
  watch.standing_text = found.Text();
  watch.place = {committed.path, committed.line};
  watch.end_line = committed.end_line;
  watch.stage = WatchStage::kStanding;
  const std::vector<std::uint32_t>& offsets = found.file->glyphs().offsets;
  return {found.file, committed.line, offsets[found.begin],
          offsets[found.end - 1] + std::size_t{1}};
}

Landing Drop(Watch& watch, const CommitHeader& commit, const Instead& instead,
             const Suggested& suggested) {
  CommittedOutcome& committed = watch.committed.emplace();
  committed.kind = CommittedKind::kDropped;
  committed.commit = commit.sha;
  committed.commit_time = commit.commit_time;
  committed.path = instead.file->change().new_path;
  committed.line = committed.end_line = instead.line;
  committed.text = instead.Text();
  const GlyphText there = GlyphsOf(committed.text, instead.file->language());
  committed.similarity =
      LikestFrom(suggested.text, there, 0, there.tokens.size()).similarity;
  const GlyphText& glyphs = instead.file->glyphs();
  const std::size_t last = glyphs.LineEnd(instead.line) - 1;
  const std::size_t cursor = instead.begin <= last
                                 ? glyphs.offsets[instead.begin]
                                 : glyphs.offsets[last] + std::size_t{1};
  return {instead.file, instead.line, cursor, cursor + committed.text.size()};
}

std::optional<Landing> Search(Watch& watch, const CommitHeader& commit,
                              const ChangedFiles& files) {
  const Suggested suggested = SuggestedOf(watch);
  if (const auto found = FindHere(files, watch.place, suggested)) {
    return Land(watch, commit, *found);
  }
  const auto instead = FindInstead(files, watch.place, suggested);
  // Whoever took it may commit it later than others touch the place.
  const bool taken = suggested.told == Told::kTaken;
  if (instead && !taken) {
    if (suggested.told == Told::kNothing) {
      if (const auto moved = FindMovedAway(files, *instead, suggested)) {
        return Land(watch, commit, *moved);
      }
    }
    watch.stage = WatchStage::kClosed;
    return Drop(watch, commit, *instead, suggested);
  }
  if (suggested.told != Told::kRefused) {
    if (const auto moved =
            FindMoved(files, suggested.text, suggested.typed_characters)) {
      return Land(watch, commit, *moved);
    }
  }
  if (instead && !watch.committed) Drop(watch, commit, *instead, suggested);
  Shift(watch, files);
  return std::nullopt;
}

// What stood when history passed the looks that are due.
void TakeLooks(Watch& watch, absl::Time now) {
  CommittedOutcome& committed = *watch.committed;
  if (!committed.alive_7_days && now >= committed.commit_time + kFirstLook) {
    committed.alive_7_days = !watch.gone;
  }
  if (!committed.alive_30_days && now >= committed.commit_time + kSecondLook) {
    committed.alive_30_days = !watch.gone;
    watch.stage = WatchStage::kClosed;
  }
}

void KeepStanding(Watch& watch, const ChangedFiles& files) {
  if (files.files().empty()) return;
  const GlyphText text = GlyphsOf(watch.standing_text,
                                  code_analysis::ParseLanguage(watch.language));
  const Standing standing{watch.place, watch.end_line};
  const auto stands = watch.gone ? FindAgain(files, standing, text)
                                 : Follow(files, standing, text);
  watch.gone = !stands.has_value();
  if (!stands) return;
  watch.place = stands->place;
  watch.end_line = stands->end_line;
}

}  // namespace

std::string_view UnwatchedReason(const Outcome& outcome) {
  if (outcome.repository.empty() || outcome.path.empty() ||
      outcome.commit.empty() || outcome.line == 0) {
    return "no_location";
  }
  if (IsBlank(SuggestionOf(outcome))) return "nothing_said";
  return "";
}

std::optional<Watch> WatchOf(const Outcome& outcome) {
  if (!UnwatchedReason(outcome).empty()) return std::nullopt;
  Watch watch;
  watch.completion_id = outcome.completion_id;
  watch.repository = outcome.repository;
  watch.language = outcome.language;
  if (code_analysis::ParseLanguage(watch.language) ==
      code_analysis::Language::kUnknown) {
    watch.language =
        code_analysis::NameOf(code_analysis::LanguageOfPath(outcome.path));
  }
  watch.suggestion = SuggestionOf(outcome);
  watch.typed_characters = outcome.typed_characters;
  watch.feedback = outcome.kind;
  watch.typed = outcome.text;
  watch.base_commit = outcome.commit;
  watch.serve_time = outcome.serve_time;
  watch.place = {outcome.path, outcome.line};
  return watch;
}

void Begin(Watch& watch, std::uint32_t first_position, std::string_view base) {
  watch.stage = WatchStage::kSearching;
  watch.first_position = first_position;
  watch.next_position = first_position;
  watch.seen_commit = base;
  watch.first_time.reset();
  watch.committed.reset();
  watch.gone = false;
}

std::optional<Landing> LandingIn(const ChangedFiles& files,
                                 const CommittedOutcome& committed) {
  for (const LexedFile& file : files.files()) {
    if (file.change().new_path != committed.path) continue;
    const GlyphText& glyphs = file.glyphs();
    if (committed.line == 0 || committed.line > glyphs.line_count()) break;
    const std::size_t begin = glyphs.LineBegin(committed.line);
    if (begin == glyphs.LineEnd(committed.line)) break;
    const std::string& text = file.change().new_text;
    const std::size_t from = glyphs.offsets[begin];
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::size_t at = text.rfind(committed.text, end);
    if (at == std::string::npos || at < from) break;
    return Landing{&file, committed.line, at, at + committed.text.size()};
  }
  return std::nullopt;
}

std::optional<Landing> Advance(Watch& watch, const CommitHeader& commit,
                               const ChangedFiles& files) {
  std::optional<Landing> landing;
  if (watch.stage == WatchStage::kSearching) {
    if (!watch.first_time) watch.first_time = commit.commit_time;
    if (SearchEnds(watch, commit)) {
      if (!watch.committed) watch.committed.emplace();
      watch.stage = WatchStage::kClosed;
      return std::nullopt;
    }
    landing = Search(watch, commit, files);
  } else if (watch.stage == WatchStage::kStanding) {
    TakeLooks(watch, commit.commit_time);
    if (watch.stage == WatchStage::kStanding) KeepStanding(watch, files);
  }
  watch.next_position = commit.position + 1;
  watch.seen_commit = commit.sha;
  return landing;
}

absl::Time NextLook(const Watch& watch) {
  const CommittedOutcome& committed = *watch.committed;
  return committed.commit_time +
         (committed.alive_7_days ? kSecondLook : kFirstLook);
}

}  // namespace evalloop::prompt_engine
