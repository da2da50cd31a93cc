#include "platform/base/ids.h"

#include "platform/base/crypto.h"

namespace evalloop::base {

std::string RandomId() { return Hex(RandomBytes(16)); }

std::string DerivedId(std::string_view cause, std::string_view kind) {
  std::string input(cause);
  input.push_back('\0');  // So that ("ab", "c") and ("a", "bc") differ.
  input.append(kind);
  return Hex(std::string_view(Sha256(input)).substr(0, 16));
}

}  // namespace evalloop::base
