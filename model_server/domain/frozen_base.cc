#include "model_server/domain/frozen_base.h"

#include <algorithm>
#include <utility>

#include "code_analysis/history.h"
#include "code_analysis/language.h"
#include "model_server/domain/source_text.h"

namespace evalloop::model_server {
namespace {

constexpr std::size_t kMaxTokens = std::size_t{1} << 28;

struct Memory {
  VocabularyBuilder vocabulary;
  OwnedSegment segment;
  std::vector<FrozenFile> files;
  std::string paths;
};

}  // namespace

const FrozenFile* FrozenBase::FindFile(std::string_view path) const {
  const auto found =
      std::lower_bound(files.begin(), files.end(), path,
                       [this](const FrozenFile& file, std::string_view wanted) {
                         return PathOf(file) < wanted;
                       });
  if (found == files.end() || PathOf(*found) != path) return nullptr;
  return &*found;
}

FrozenBaseBuilder::FrozenBaseBuilder() : text_{kBoundary} {}

bool FrozenBaseBuilder::AddFile(std::string_view path,
                                std::string_view source) {
  const auto tokens = ReadSource(source, code_analysis::LanguageOfPath(path));
  if (text_.size() + tokens.size() + 1 > kMaxTokens) return false;
  FrozenFile file{.path_offset = static_cast<std::uint32_t>(paths_.size()),
                  .path_size = static_cast<std::uint32_t>(path.size()),
                  .start = static_cast<std::uint32_t>(text_.size())};
  paths_ += path;
  for (const SourceToken& token : tokens) {
    if (token.kind == TokenKind::kNewline) {
      text_.push_back(kNewline);
    } else {
      text_.push_back(vocabulary_.Add(token.text, token.kind) |
                      (token.blank_before ? kBlankBefore : 0));
    }
  }
  file.end = static_cast<std::uint32_t>(text_.size());
  text_.push_back(kBoundary);
  files_.push_back(file);
  return true;
}

std::shared_ptr<const FrozenBase> FrozenBaseBuilder::Freeze(
    std::string repository, std::string commit, Parameters parameters) && {
  auto memory = std::make_shared<Memory>();
  memory->vocabulary = std::move(vocabulary_);
  memory->vocabulary.Finish();
  memory->segment = BuildSegment(std::move(text_));
  memory->files = std::move(files_);
  memory->paths = std::move(paths_);
  auto base = std::make_shared<FrozenBase>();
  base->repository = std::move(repository);
  base->commit = std::move(commit);
  base->parameters = parameters;
  base->vocabulary = memory->vocabulary.View();
  base->segment = memory->segment.View();
  base->files = memory->files;
  base->paths = memory->paths;
  base->memory = std::move(memory);
  return base;
}

bool IsModelled(std::string_view path) {
  return code_analysis::LanguageOfPath(path) !=
             code_analysis::Language::kUnknown &&
         !code_analysis::IsGeneratedOrVendored(path, {});
}

}  // namespace evalloop::model_server
