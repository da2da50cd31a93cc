#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_FROZEN_BASE_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_FROZEN_BASE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model_server/domain/parameters.h"
#include "model_server/domain/segment.h"
#include "model_server/domain/vocabulary.h"

namespace evalloop::model_server {

// One file of the trained tree. Its words are text[start, end) of the base's
// segment, with a kBoundary on either side.
struct FrozenFile {
  std::uint32_t path_offset = 0;
  std::uint32_t path_size = 0;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};
static_assert(sizeof(FrozenFile) == 16);

// A trained model as it stands in its artefact: the tree of one commit, sorted.
// Immutable; views into `memory`.
struct FrozenBase {
  std::string repository;  // As given to training; a name, not opened.
  std::string commit;      // Full sha.
  Parameters parameters;
  FrozenVocabulary vocabulary;
  Segment segment;
  std::span<const FrozenFile> files;  // In path order.
  std::span<const char> paths;
  std::shared_ptr<const void> memory;

  std::string_view PathOf(const FrozenFile& file) const {
    return {paths.data() + file.path_offset, file.path_size};
  }
  // Null where the tree has no such file.
  const FrozenFile* FindFile(std::string_view path) const;
  // The file's words with the kBoundary at both ends.
  std::span<const std::uint32_t> BoundedText(const FrozenFile& file) const {
    return segment.text().subspan(file.start - 1, file.end - file.start + 2);
  }
};

// Collects a tree and freezes it. Files must come in path order.
class FrozenBaseBuilder {
 public:
  FrozenBaseBuilder();

  // False, and nothing added, where the tree would pass 2^28 tokens.
  bool AddFile(std::string_view path, std::string_view source);
  std::size_t token_count() const { return text_.size(); }

  std::shared_ptr<const FrozenBase> Freeze(std::string repository,
                                           std::string commit,
                                           Parameters parameters) &&;

 private:
  VocabularyBuilder vocabulary_;
  std::vector<std::uint32_t> text_;
  std::vector<FrozenFile> files_;
  std::string paths_;
};

// Whether the model reads files of this name: those of a language that the
// lexer knows, not generated or vendored.
bool IsModelled(std::string_view path);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_FROZEN_BASE_H_
