#include "prompt_engine/domain/written_history.h"

#include <algorithm>
#include <cstring>
#include <tuple>

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

std::uint32_t TextTable::IdOf(std::string_view text, TextArena& arena) {
  if (const auto known = Find(text)) return *known;
  const auto id = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(arena.Keep(text));
  ids_.emplace(texts_.back(), id);
  return id;
}

std::optional<std::uint32_t> TextTable::Find(std::string_view text) const {
  const auto found = ids_.find(text);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

WrittenHistory::WrittenHistory() = default;

std::size_t WrittenHistory::IndexOf(std::uint32_t position) const {
  const auto found =
      std::lower_bound(commits_.begin(), commits_.end(), position,
                       [](const CommitHeader& commit, std::uint32_t wanted) {
                         return commit.position < wanted;
                       });
  if (found == commits_.end() || found->position != position) {
    return commits_.size();
  }
  return static_cast<std::size_t>(found - commits_.begin());
}

const CommitHeader* WrittenHistory::CommitAt(std::uint32_t position) const {
  const std::size_t index = IndexOf(position);
  return index == commits_.size() ? nullptr : &commits_[index];
}

WrittenPiece WrittenHistory::PieceOf(const WrittenCode& code) const {
  if (code.item_class == ItemClass::kLine) return {};
  const Piece& piece = pieces_[code.piece];
  return {piece.signature_key, names_[piece.indent], names_[piece.symbol]};
}

std::span<const WrittenCode> WrittenHistory::Of(std::uint32_t position) const {
  const std::size_t index = IndexOf(position);
  if (index == commits_.size()) return {};
  const std::size_t begin = first_of_[index];
  const std::size_t end =
      index + 1 < first_of_.size() ? first_of_[index + 1] : code_.size();
  return {code_.data() + begin, end - begin};
}

WrittenCode* WrittenHistory::Line(std::uint32_t position, std::string_view path,
                                  std::uint32_t line) {
  const auto name = paths_.Find(path);
  const std::span<const WrittenCode> all = Of(position);
  if (!name || all.empty()) return nullptr;
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
  if (found == lines_end || found->path != *name || found->first_line != line) {
    return nullptr;
  }
  return &code_[static_cast<std::size_t>(&*found - code_.data())];
}

void WrittenHistory::KeepTexts(const IngestedCommit& commit,
                               std::vector<std::string_view>& pieces,
                               std::vector<std::string_view>& lines) {
  // Those that stand in no other, with their numbers.
  std::vector<std::size_t> outer;
  const auto holds = [&](std::size_t number, std::string_view path,
                         std::uint32_t first, std::uint32_t last) {
    const AddedPiece& piece = commit.pieces[number];
    return piece.path == path && piece.first_line <= first &&
           last <= piece.last_line;
  };
  const auto part = [](std::string_view whole, std::string_view text) {
    const std::size_t at = whole.find(text);
    return at == std::string_view::npos ? std::string_view()
                                        : whole.substr(at, text.size());
  };
  for (std::size_t i = 0; i < commit.pieces.size(); ++i) {
    const AddedPiece& piece = commit.pieces[i];
    std::string_view text;
    if (!outer.empty() &&
        holds(outer.back(), piece.path, piece.first_line, piece.last_line)) {
      text = part(pieces[outer.back()], piece.text);
    }
    if (text.empty()) {
      text = arena_.Keep(piece.text);
      outer.push_back(i);
    }
    pieces.push_back(text);
  }
  auto next = outer.begin();
  for (const AddedCode& line : commit.lines) {
    while (next != outer.end() &&
           std::tie(commit.pieces[*next].path, commit.pieces[*next].last_line) <
               std::tie(line.path, line.line)) {
      ++next;
    }
    std::string_view text;
    if (next != outer.end() && holds(*next, line.path, line.line, line.line)) {
      text = part(pieces[*next], line.text);
    }
    lines.push_back(text.empty() ? arena_.Keep(line.text) : text);
  }
}

void WrittenHistory::Add(const IngestedCommit& commit) {
  const CommitHeader& header = commit.header;
  const bool own = header.kind == CommitKind::kOwn;
  commits_.push_back(header);
  first_of_.push_back(static_cast<std::uint32_t>(code_.size()));
  std::vector<std::string_view> piece_texts;
  std::vector<std::string_view> line_texts;
  KeepTexts(commit, piece_texts, line_texts);
  for (std::size_t i = 0; i < commit.lines.size(); ++i) {
    const AddedCode& line = commit.lines[i];
    WrittenCode code;
    code.language = code_analysis::ParseLanguage(line.language);
    code.counted = line.counted;
    code.own = own && !line.moved;
    code.position = header.position;
    code.path = paths_.IdOf(line.path, arena_);
    code.first_line = code.last_line = line.line;
    code.end = WrittenCode::kStands;
    code.place = static_cast<std::uint32_t>(code_.size()) + 1;
    code.token_key = line.token_key;
    code.context_key = line.context_key;
    code.text = line_texts[i];
    Declare(code);
    code_.push_back(code);
  }
  for (std::size_t i = 0; i < commit.pieces.size(); ++i) {
    const AddedPiece& piece = commit.pieces[i];
    WrittenCode code;
    code.item_class = piece.item_class;
    code.language = code_analysis::ParseLanguage(piece.language);
    code.counted = true;
    code.own = own;
    code.documented = piece.documented;
    code.position = header.position;
    code.path = paths_.IdOf(piece.path, arena_);
    code.first_line = piece.first_line;
    code.last_line = piece.last_line;
    code.end = WrittenCode::kStands;
    code.token_key = piece.token_key;
    code.context_key = piece.context_key;
    code.text = piece_texts[i];
    code.piece = static_cast<std::uint32_t>(pieces_.size());
    pieces_.push_back(
        {piece.signature_key, static_cast<std::uint32_t>(code_.size()),
         names_.IdOf(piece.indent, arena_), names_.IdOf(piece.symbol, arena_)});
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
    if (!file.old_path.empty()) {
      touch.old_path = paths_[paths_.IdOf(file.old_path, arena_)];
    }
    touches_[paths_[paths_.IdOf(file.path, arena_)]].push_back(touch);
  }
}

void WrittenHistory::EndPieces() {
  std::vector<std::uint32_t> ends;
  for (const Piece& of_piece : pieces_) {
    WrittenCode& piece = code_[of_piece.number];
    ends.clear();
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

void WrittenHistory::SortTokens() {
  for (std::uint32_t i = 0; i < code_.size(); ++i) first_places_.push_back(i);
  const auto key_of = [this](std::uint32_t i) { return code_[i].token_key; };
  std::sort(first_places_.begin(), first_places_.end(),
            [&](std::uint32_t a, std::uint32_t b) {
              return std::pair(key_of(a), a) < std::pair(key_of(b), b);
            });
  auto* const last = std::unique(
      first_places_.begin(), first_places_.end(),
      [&](std::uint32_t a, std::uint32_t b) { return key_of(a) == key_of(b); });
  first_places_.Truncate(
      static_cast<std::size_t>(last - first_places_.begin()));
  std::sort(before_.begin(), before_.end());
  before_.Truncate(static_cast<std::size_t>(
      std::unique(before_.begin(), before_.end()) - before_.begin()));
}

void WrittenHistory::SortKeys() {
  for (std::uint32_t i = 0; i < code_.size(); ++i) {
    if (!code_[i].own || !code_[i].counted) continue;
    for (const std::uint64_t key : KeysOf(code_[i])) {
      keys_.push_back({static_cast<std::uint32_t>(key >> 32),
                       static_cast<std::uint32_t>(key), i});
    }
  }
  std::sort(keys_.begin(), keys_.end());
  // A key that one piece alone has leads from nothing to nothing; most do.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < keys_.size();) {
    std::size_t end = i + 1;
    while (end < keys_.size() && keys_[end].hash() == keys_[i].hash()) ++end;
    const bool alone =
        end - i == 1 && code_[keys_[i].number].item_class != ItemClass::kLine;
    while (i < end) {
      if (!alone) keys_[kept++] = keys_[i];
      ++i;
    }
  }
  keys_.Truncate(kept);
}

void WrittenHistory::Finish() {
  EndPieces();
  SortTokens();
  SortKeys();
}

std::vector<std::uint64_t> WrittenHistory::KeysOf(
    const WrittenCode& code) const {
  std::vector<std::uint64_t> keys;
  const auto add = [&](KeyKind kind, std::uint64_t value) {
    keys.push_back(KeyOf(kind, code.item_class, value));
  };
  if (code.place != 0) add(kPlace, code.place);
  add(kContext, static_cast<std::uint64_t>(code.context_key));
  const std::int64_t signature = PieceOf(code).signature_key;
  if (signature != 0) add(kSignature, static_cast<std::uint64_t>(signature));
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
    const auto* end =
        std::upper_bound(keys_.begin(), keys_.end(),
                         Key{static_cast<std::uint32_t>(key >> 32),
                             static_cast<std::uint32_t>(key), UINT32_MAX});
    for (std::size_t taken = 0; taken < kMostOfAKey && end != keys_.begin();
         ++taken) {
      --end;
      if (end->hash() != key) break;
      if (end->number != self) found.push_back(end->number);
    }
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > limit) found.resize(limit);
  return found;
}

bool WrittenHistory::Before(std::int64_t token_key,
                            std::uint32_t position) const {
  if (position > 0 &&
      std::binary_search(before_.begin(), before_.end(), token_key)) {
    return true;
  }
  const auto* const found =
      std::lower_bound(first_places_.begin(), first_places_.end(), token_key,
                       [this](std::uint32_t number, std::int64_t wanted) {
                         return code_[number].token_key < wanted;
                       });
  return found != first_places_.end() && code_[*found].token_key == token_key &&
         code_[*found].position < position;
}

void WrittenHistory::AddBefore(std::int64_t token_key) {
  before_.push_back(token_key);
}

void WrittenHistory::Declare(const WrittenCode& code) {
  const std::string_view name = DeclaredName(code.text, code.language);
  if (name.empty()) return;
  declared_at_.emplace_back(code.position, name);
  const auto found = declared_.find(name);
  if (found == declared_.end()) {
    declared_.emplace(name, Declared{code.position, code.path, 1});
  } else if (found->second.path != code.path) {
    ++found->second.paths;
  }
}

bool WrittenHistory::Declares(std::uint32_t position,
                              const std::set<std::string_view>& names) const {
  auto declared = std::lower_bound(
      declared_at_.begin(), declared_at_.end(), position,
      [](const auto& at, std::uint32_t wanted) { return at.first < wanted; });
  for (; declared != declared_at_.end() && declared->first == position;
       ++declared) {
    if (names.count(declared->second) != 0) return true;
  }
  return false;
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
