#include "model_server/domain/index_snapshot.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "code_analysis/language.h"
#include "model_server/domain/source_text.h"

namespace evalloop::model_server {
namespace {

// Words of a file between two kBoundary; unknown ones join `extra`.
std::vector<std::uint32_t> Encode(std::string_view path,
                                  std::string_view source,
                                  const FrozenVocabulary& frozen,
                                  ExtraWords& extra) {
  std::vector<std::uint32_t> text = {kBoundary};
  for (const SourceToken& token :
       ReadSource(source, code_analysis::LanguageOfPath(path))) {
    if (token.kind == TokenKind::kNewline) {
      text.push_back(kNewline);
      continue;
    }
    std::optional<TokenId> id = frozen.Find(token.text);
    if (!id) id = extra.Find(token.text);
    if (!id) id = extra.Add(token.text, token.kind);
    text.push_back(*id | (token.blank_before ? kBlankBefore : 0));
  }
  text.push_back(kBoundary);
  return text;
}

}  // namespace

IndexSnapshot::IndexSnapshot(std::shared_ptr<const FrozenBase> base)
    : base_(std::move(base)),
      commit_(base_->commit),
      extra_words_(base_->vocabulary.size()),
      added_(BuildSegment({})),
      removed_(BuildSegment({})) {}

std::shared_ptr<const IndexSnapshot> IndexSnapshot::OfBase(
    std::shared_ptr<const FrozenBase> base) {
  return std::shared_ptr<const IndexSnapshot>(
      new IndexSnapshot(std::move(base)));
}

std::shared_ptr<const IndexSnapshot> IndexSnapshot::With(
    std::string commit, std::span<const FileVersion> files) const {
  std::shared_ptr<IndexSnapshot> next(new IndexSnapshot(base_));
  next->commit_ = std::move(commit);
  next->extra_words_ = extra_words_;
  next->changed_ = changed_;
  for (const FileVersion& version : files) {
    const FrozenFile* frozen = base_->FindFile(version.path);
    auto file = std::make_shared<ChangedFile>();
    if (version.text) {
      file->text = Encode(version.path, *version.text, base_->vocabulary,
                          next->extra_words_);
    }
    std::span<const std::uint32_t> before;
    if (frozen != nullptr) before = base_->BoundedText(*frozen);
    file->delta = DiffNgrams(before, file->text);
    if (file->delta.added.empty() && file->delta.removed.empty()) {
      next->changed_.erase(version.path);  // As it was when trained.
    } else {
      next->changed_[version.path] = Entry{.file = std::move(file)};
    }
  }
  next->added_ = Rebuild(
      added_, changed_, next->changed_,
      [](const ChangedFile& file) -> const std::vector<std::uint32_t>& {
        return file.delta.added;
      },
      &Entry::added_at);
  next->removed_ = Rebuild(
      removed_, changed_, next->changed_,
      [](const ChangedFile& file) -> const std::vector<std::uint32_t>& {
        return file.delta.removed;
      },
      &Entry::removed_at);
  return next;
}

OwnedSegment IndexSnapshot::Rebuild(
    const OwnedSegment& old, const Entries& old_entries, Entries& entries,
    const std::function<const std::vector<std::uint32_t>&(const ChangedFile&)>&
        piece_of,
    std::uint32_t Entry::*offset) {
  constexpr std::uint32_t kGone = std::numeric_limits<std::uint32_t>::max();
  // Pieces that stay keep their suffixes' order; only positions shift.
  std::vector<std::uint32_t> moved_to(old.text.size(), kGone);
  std::vector<std::uint32_t> text;
  std::vector<std::uint32_t> fresh;
  for (auto& [path, entry] : entries) {
    const std::vector<std::uint32_t>& piece = piece_of(*entry.file);
    const auto at = static_cast<std::uint32_t>(text.size());
    const auto before = old_entries.find(path);
    const bool kept =
        before != old_entries.end() && before->second.file == entry.file;
    for (std::uint32_t i = 0; i < piece.size(); ++i) {
      if (kept) {
        moved_to[before->second.*offset + i] = at + i;
      } else if (TokenOf(piece[i]) != kCut) {
        fresh.push_back(at + i);
      }
    }
    entry.*offset = at;
    text.insert(text.end(), piece.begin(), piece.end());
  }
  std::vector<std::uint32_t> kept;
  kept.reserve(old.suffixes.size());
  for (const std::uint32_t suffix : old.suffixes) {
    if (moved_to[suffix] != kGone) kept.push_back(moved_to[suffix]);
  }
  return MergeSegment(std::move(text), std::move(kept), std::move(fresh));
}

std::span<const std::uint32_t> IndexSnapshot::FileText(
    std::string_view path) const {
  if (const auto found = changed_.find(path); found != changed_.end()) {
    return found->second.file->text;
  }
  const FrozenFile* frozen = base_->FindFile(path);
  if (frozen == nullptr) return {};
  return base_->BoundedText(*frozen);
}

std::size_t IndexSnapshot::OverlayBytes() const {
  std::size_t bytes = 0;
  for (const OwnedSegment* segment : {&added_, &removed_}) {
    bytes += (segment->text.size() + segment->suffixes.size()) * 4 +
             segment->hot.size() * sizeof(HotContext);
  }
  for (const auto& [path, entry] : changed_) {
    bytes += path.size() +
             (entry.file->text.size() + entry.file->delta.added.size() +
              entry.file->delta.removed.size()) *
                 4;
  }
  return bytes;
}

}  // namespace evalloop::model_server
