#include "prompt_engine/domain/written_history.h"

#include <algorithm>
#include <cstring>

#include "code_analysis/lexer.h"
#include "code_analysis/shapes.h"
#include "prompt_engine/domain/code_names.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
// Of one key; what is written that often is nobody's way of writing.
constexpr std::size_t kMostOfAKey = 40;

enum KeyKind : std::uint64_t { kPlace = 1, kContext, kSignature, kCall, kBand };

std::uint64_t KeyOf(KeyKind kind, ItemClass item_class, std::uint64_t value) {
  return code_analysis::StableHash(
      "", value * 64 + kind * 8 + static_cast<std::uint64_t>(item_class));
}

}  // namespace

std::string_view TextArena::Keep(std::string_view text) {
  if (text.size() > left_) {
    const std::size_t size = std::max(kBlockBytes, text.size());
    blocks_.push_back(std::make_unique<char[]>(size));
    at_ = blocks_.back().get();
    left_ = size;
  }
  if (!text.empty()) std::memcpy(at_, text.data(), text.size());
  const std::string_view kept(at_, text.size());
  at_ += text.size();
  left_ -= text.size();
  return kept;
}

WrittenHistory::WrittenHistory() = default;

std::uint32_t WrittenHistory::IdOf(std::string_view path) {
  const auto found = path_ids_.find(path);
  if (found != path_ids_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(paths_.size());
  paths_.push_back(arena_.Keep(path));
  path_ids_.emplace(paths_.back(), id);
  return id;
}

const CommitHeader* WrittenHistory::CommitAt(std::uint32_t position) const {
  const auto found = index_of_position_.find(position);
  return found == index_of_position_.end() ? nullptr : &commits_[found->second];
}

std::span<const WrittenCode> WrittenHistory::Of(std::uint32_t position) const {
  const auto found = index_of_position_.find(position);
  if (found == index_of_position_.end()) return {};
  const std::size_t begin = first_of_[found->second];
  const std::size_t end = found->second + 1 < first_of_.size()
                              ? first_of_[found->second + 1]
                              : code_.size();
  return std::span<const WrittenCode>(code_).subspan(begin, end - begin);
}

WrittenCode* WrittenHistory::Line(std::uint32_t position, std::string_view path,
                                  std::uint32_t line) {
  const auto name = path_ids_.find(path);
  const std::span<const WrittenCode> all = Of(position);
  if (name == path_ids_.end() || all.empty()) return nullptr;
  // Lines come before pieces, by the path's text and the line.
  const auto lines_end =
      std::partition_point(all.begin(), all.end(), [](const WrittenCode& code) {
        return code.item_class == ItemClass::kLine;
      });
  const auto found = std::lower_bound(
      all.begin(), lines_end, line,
      [&](const WrittenCode& code, std::uint32_t wanted) {
        const int order = paths_[code.path].compare(path);
        return order != 0 ? order < 0 : code.first_line < wanted;
      });
  if (found == lines_end || found->path != name->second ||
      found->first_line != line) {
    return nullptr;
  }
  return &code_[static_cast<std::size_t>(&*found - code_.data())];
}

void WrittenHistory::Add(const IngestedCommit& commit) {
  const CommitHeader& header = commit.header;
  const bool own = header.kind == CommitKind::kOwn;
  index_of_position_[header.position] =
      static_cast<std::uint32_t>(commits_.size());
  commits_.push_back(header);
  first_of_.push_back(static_cast<std::uint32_t>(code_.size()));
  for (const AddedCode& line : commit.lines) {
    WrittenCode code;
    code.language = code_analysis::ParseLanguage(line.language);
    code.counted = line.counted;
    code.own = own && !line.moved;
    code.position = header.position;
    code.path = IdOf(line.path);
    code.first_line = code.last_line = line.line;
    code.end = WrittenCode::kStands;
    code.place = static_cast<std::uint32_t>(code_.size()) + 1;
    code.token_key = line.token_key;
    code.context_key = line.context_key;
    code.text = arena_.Keep(line.text);
    first_places_.emplace(code.token_key, header.position);
    Declare(code);
    code_.push_back(code);
  }
  for (const AddedPiece& piece : commit.pieces) {
    WrittenCode code;
    code.item_class = piece.item_class;
    code.language = code_analysis::ParseLanguage(piece.language);
    code.counted = true;
    code.own = own;
    code.documented = piece.documented;
    code.position = header.position;
    code.path = IdOf(piece.path);
    code.first_line = piece.first_line;
    code.last_line = piece.last_line;
    code.end = WrittenCode::kStands;
    code.token_key = piece.token_key;
    code.context_key = piece.context_key;
    code.signature_key = piece.signature_key;
    code.text = arena_.Keep(piece.text);
    code.indent = arena_.Keep(piece.indent);
    code.symbol = arena_.Keep(piece.symbol);
    first_places_.emplace(code.token_key, header.position);
    pieces_.push_back(static_cast<std::uint32_t>(code_.size()));
    code_.push_back(code);
  }
  for (const LineEnd& end : commit.ends) {
    WrittenCode* const gone = Line(end.position, end.path, end.line);
    if (gone == nullptr || gone->end != WrittenCode::kStands) continue;
    gone->end = header.position;
    if (end.next_line == 0) continue;
    WrittenCode* const next =
        Line(header.position, end.next_path, end.next_line);
    if (next != nullptr) next->place = gone->place;
  }
  for (const ChangedFile& file : commit.files) {
    Touch touch{header.position, file.kind, {}};
    if (!file.old_path.empty()) touch.old_path = paths_[IdOf(file.old_path)];
    touches_[paths_[IdOf(file.path)]].push_back(touch);
  }
}

void WrittenHistory::EndPieces() {
  for (const std::uint32_t number : pieces_) {
    WrittenCode& piece = code_[number];
    std::vector<std::uint32_t> ends;
    for (std::uint32_t line = piece.first_line; line <= piece.last_line;
         ++line) {
      if (const auto* code = Line(piece.position, paths_[piece.path], line)) {
        ends.push_back(code->end);
      }
    }
    if (ends.empty()) continue;
    std::sort(ends.begin(), ends.end());
    piece.end = ends[(ends.size() - 1) / 2];
  }
}

void WrittenHistory::Finish() {
  EndPieces();
  for (std::uint32_t i = 0; i < code_.size(); ++i) {
    if (!code_[i].own || !code_[i].counted) continue;
    for (const std::uint64_t key : KeysOf(code_[i])) keys_.emplace_back(key, i);
  }
  std::sort(keys_.begin(), keys_.end());
}

std::vector<std::uint64_t> WrittenHistory::KeysOf(
    const WrittenCode& code) const {
  std::vector<std::uint64_t> keys;
  const auto add = [&](KeyKind kind, std::uint64_t value) {
    keys.push_back(KeyOf(kind, code.item_class, value));
  };
  if (code.place != 0) add(kPlace, code.place);
  add(kContext, static_cast<std::uint64_t>(code.context_key));
  if (code.signature_key != 0) {
    add(kSignature, static_cast<std::uint64_t>(code.signature_key));
  }
  if (code.item_class == ItemClass::kLine) {
    const std::uint64_t call = CallKey(code.text, code.language);
    if (call != 0) add(kCall, call);
    return keys;
  }
  const auto bands = code_analysis::MinHashBands(
      code_analysis::TokensOf(code.text, code.language));
  for (std::size_t band = 0; band < bands.size(); ++band) {
    if (bands[band] != 0) add(kBand, bands[band] * 31 + band);
  }
  return keys;
}

std::vector<std::uint32_t> WrittenHistory::CandidatesFor(
    const WrittenCode& code, std::size_t limit) const {
  std::vector<std::uint32_t> found;
  const auto self = static_cast<std::size_t>(&code - code_.data());
  for (const std::uint64_t key : KeysOf(code)) {
    auto end =
        std::upper_bound(keys_.begin(), keys_.end(), Key{key, UINT32_MAX});
    for (std::size_t taken = 0; taken < kMostOfAKey && end != keys_.begin();
         ++taken) {
      --end;
      if (end->first != key) break;
      if (end->second != self) found.push_back(end->second);
    }
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > limit) found.resize(limit);
  return found;
}

bool WrittenHistory::Before(std::int64_t token_key,
                            std::uint32_t position) const {
  const auto found = first_places_.find(token_key);
  return found != first_places_.end() && found->second < position;
}

void WrittenHistory::AddBefore(std::int64_t token_key) {
  // Before every position that can be asked for: the first commit's own are
  // added later and find this one there.
  first_places_.emplace(token_key, 0);
}

void WrittenHistory::Declare(const WrittenCode& code) {
  const std::string_view name = DeclaredName(code.text, code.language);
  if (name.empty()) return;
  declared_at_[code.position].push_back(name);
  const auto found = declared_.find(name);
  if (found == declared_.end()) {
    declared_.emplace(name, Declared{code.position, code.path, 1});
  } else if (found->second.path != code.path) {
    ++found->second.paths;
  }
}

bool WrittenHistory::Declares(std::uint32_t position,
                              const std::set<std::string_view>& names) const {
  const auto found = declared_at_.find(position);
  return found != declared_at_.end() &&
         std::any_of(
             found->second.begin(), found->second.end(),
             [&](std::string_view name) { return names.count(name) != 0; });
}

const WrittenHistory::Declared* WrittenHistory::DeclarationOf(
    std::string_view name) const {
  const auto found = declared_.find(name);
  return found == declared_.end() ? nullptr : &found->second;
}

std::span<const WrittenHistory::Touch> WrittenHistory::TouchesOf(
    std::string_view path) const {
  const auto found = touches_.find(path);
  if (found == touches_.end()) return {};
  return found->second;
}

double WrittenHistory::SurvivalDays(const WrittenCode& code) const {
  const CommitHeader* const born = CommitAt(code.position);
  if (born == nullptr || commits_.empty()) return 0;
  const CommitHeader* const last =
      code.end == WrittenCode::kStands ? &commits_.back() : CommitAt(code.end);
  if (last == nullptr) return 0;
  return std::max(
      0.0, absl::ToDoubleHours(last->commit_time - born->commit_time) / 24);
}

}  // namespace evalloop::prompt_engine
