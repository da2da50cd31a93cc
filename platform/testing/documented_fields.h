#ifndef EVALLOOP_PLATFORM_TESTING_DOCUMENTED_FIELDS_H_
#define EVALLOOP_PLATFORM_TESTING_DOCUMENTED_FIELDS_H_

#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/listing/fields.h"

namespace evalloop::testing {

// The fields that a document has in the table under `heading`, a line
// "| `name` | type | ..." each, as "name type".
inline std::vector<std::string> DocumentedFields(const std::string& path,
                                                 std::string_view heading) {
  std::vector<std::string> fields;
  std::ifstream file(path);
  std::string line;
  bool under = false;
  while (std::getline(file, line)) {
    if (line.starts_with("#")) under = line == heading;
    if (!under || !line.starts_with("| `")) continue;
    const std::size_t name = line.find('`', 3);
    const std::size_t type = line.find('|', name) + 2;
    fields.push_back(line.substr(3, name - 3) + " " +
                     line.substr(type, line.find(' ', type) - type));
  }
  return fields;
}

// The same of the code.
inline std::vector<std::string> FieldsOf(
    std::span<const listing::Field> table) {
  std::vector<std::string> fields;
  for (const listing::Field& field : table) {
    fields.push_back(std::string(field.name) +
                     (field.name.ends_with('.') ? "NAME " : " ") +
                     std::string(listing::NameOf(field.type)));
  }
  return fields;
}

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_DOCUMENTED_FIELDS_H_
