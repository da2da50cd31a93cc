#ifndef EVALLOOP_CODE_ANALYSIS_LICENCES_H_
#define EVALLOOP_CODE_ANALYSIS_LICENCES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace evalloop::code_analysis {

// A licence that a text says it is under.
struct LicenceMark {
  std::string licence;     // An SPDX id ("GPL-3.0"), or what the tag says.
  bool copyleft = false;   // Its terms spread to what holds the text.
  std::size_t offset = 0;  // Bytes.
};

// Licence headers in `text`: SPDX-License-Identifier tags, and the sentences
// by which the common headers are known, wherever a line breaks or a comment
// mark stands in them. A copyright line alone is "copyright". In source order.
// Total on any bytes, linear time, thread-safe.
std::vector<LicenceMark> FindLicences(std::string_view text);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_LICENCES_H_
