#include "platform/base/crc32c.h"

#include <array>
#include <bit>
#include <cstring>

namespace evalloop::base {
namespace {

static_assert(std::endian::native == std::endian::little);

// Slicing by eight (M. Kounavis, F. Berry, "A Systematic Approach to Building
// High Performance Software-Based CRC Generators", 2005).
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables MakeTables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
    }
    tables[0][byte] = crc;
  }
  for (std::size_t slice = 1; slice < 8; ++slice) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[slice - 1][byte];
      tables[slice][byte] = crc >> 8 ^ tables[0][crc & 255];
    }
  }
  return tables;
}
constexpr Tables kTables = MakeTables();

}  // namespace

std::uint32_t Crc32c(std::string_view bytes, std::uint32_t previous) {
  std::uint32_t crc = ~previous;
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    word ^= crc;
    crc = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      crc ^= kTables[7 - i][word >> (8 * i) & 255];
    }
    bytes.remove_prefix(8);
  }
  for (const unsigned char byte : bytes) {
    crc = crc >> 8 ^ kTables[0][(crc ^ byte) & 255];
  }
  return ~crc;
}

}  // namespace evalloop::base
