#ifndef EVALLOOP_CODE_ANALYSIS_HISTORY_TREES_H_
#define EVALLOOP_CODE_ANALYSIS_HISTORY_TREES_H_

// Private to the history library.

#include <string_view>

#include "code_analysis/history_impl.h"

namespace evalloop::code_analysis {

inline constexpr int kMaxFolderDepth = 128;

inline bool IsFolder(unsigned mode) { return mode == GIT_FILEMODE_TREE; }

// The entries of one folder in git's order, from the bytes that git stores:
// "mode name\0" and a raw id each. What is malformed ends it.
class TreeReader {
 public:
  explicit TreeReader(std::string_view bytes) : rest_(bytes) { Next(); }

  bool done() const { return done_; }
  unsigned mode() const { return mode_; }
  std::string_view name() const { return name_; }
  const git_oid& id() const { return id_; }
  void Next();

 private:
  std::string_view rest_;
  std::string_view name_;
  unsigned mode_ = 0;
  git_oid id_ = {};
  bool done_ = false;
};

// A folder that is being read, with its bytes.
class OpenFolder {
 public:
  // Null id, or no readable folder of that size: empty.
  OpenFolder(const Repository::Impl& repository, const git_oid* id);
  TreeReader Entries() const { return TreeReader(bytes_); }
  bool ok() const { return object_ != nullptr; }

 private:
  GitOdbObject object_;
  std::string_view bytes_;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_HISTORY_TREES_H_
