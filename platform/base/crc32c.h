#ifndef EVALLOOP_PLATFORM_BASE_CRC32C_H_
#define EVALLOOP_PLATFORM_BASE_CRC32C_H_

#include <cstdint>
#include <string_view>

namespace evalloop::base {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes`, continuing from
// `previous`, the CRC of what stood before them.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t previous = 0);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_CRC32C_H_
