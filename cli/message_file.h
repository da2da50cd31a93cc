#ifndef EVALLOOP_CLI_MESSAGE_FILE_H_
#define EVALLOOP_CLI_MESSAGE_FILE_H_

#include <google/protobuf/message.h>

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::cli {

// Reads a message from a YAML or JSON file with the fields' proto names, e.g. a
// RevisionContent (docs/formats/revision.schema.json). NotFound: no such file.
// InvalidArgument: it is no YAML, or has a field that the message lacks.
absl::Status ReadMessageFile(const std::string& path,
                             google::protobuf::Message* message);

// The two steps of it: the file as JSON, and the JSON, which came from `path`,
// as a message.
absl::StatusOr<boost::json::value> ReadValueFile(const std::string& path);
absl::Status FillMessage(const boost::json::value& value,
                         const std::string& path,
                         google::protobuf::Message* message);

// An element of a list, and the line where it begins, from 1.
struct PlacedValue {
  int line = 0;
  boost::json::value value;
};

// The elements of the list `key` of a YAML or JSON file, or of the list that
// the whole file is. InvalidArgument: it has no such list, or one that is
// empty.
absl::StatusOr<std::vector<PlacedValue>> ReadListFile(const std::string& path,
                                                      std::string_view key);

// The fields that are set, by their proto names: JSON that FillMessage reads
// back to the same message, numbers to the last bit.
boost::json::object ObjectOf(const google::protobuf::Message& message);

// Sets one field by its dotted path, e.g. sampling.temperature=0.2. The value
// is read as YAML. InvalidArgument: no such field, or not of its type.
absl::Status SetField(std::string_view assignment,
                      google::protobuf::Message* message);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_MESSAGE_FILE_H_
