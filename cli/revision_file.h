#ifndef EVALLOOP_CLI_REVISION_FILE_H_
#define EVALLOOP_CLI_REVISION_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evalloop/v1/common.pb.h"

namespace evalloop::cli {

// A text that a revision's file names may have so many bytes.
inline constexpr std::size_t kMostTextFileBytes = std::size_t{256} << 10;

// Reads a revision's content from YAML or JSON
// (docs/formats/revision.schema.json). Long texts may lie in files of their
// own, named relative to it: `file` in place of `text` in template and
// includes, `system_prompt_file` in place of system_prompt. The content holds
// the texts and no file's name; a file's last line break is not a part of it.
// NotFound: no such file. InvalidArgument: it is no YAML, has an unknown field,
// or names the field with a file that can't be.
absl::StatusOr<v1::RevisionContent> ReadRevisionFile(const std::string& path);

// The content as ReadRevisionFile reads it, equal to the last byte: fields that
// are at their defaults left out, texts of several lines as blocks.
std::string RevisionYaml(const v1::RevisionContent& content);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_REVISION_FILE_H_
