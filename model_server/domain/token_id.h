#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_TOKEN_ID_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_TOKEN_ID_H_

#include <array>
#include <cstdint>

namespace evalloop::model_server {

// A word of a vocabulary. The first three mean no text of their own.
using TokenId = std::uint32_t;

inline constexpr TokenId kBoundary = 0;  // Start or end of a file.
inline constexpr TokenId kCut = 1;       // Where a piece of text was cut off.
inline constexpr TokenId kNewline = 2;
inline constexpr TokenId kFirstWord = 3;

// Texts hold one word in 32 bits: the token, and whether a blank stood before
// it in its line.
inline constexpr std::uint32_t kBlankBefore = std::uint32_t{1} << 31;
inline constexpr TokenId TokenOf(std::uint32_t word) {
  return word & ~kBlankBefore;
}

// Context lengths that the model blends, in tokens.
inline constexpr std::array<int, 14> kOrders = {0, 1, 2,  3,  4,  5,  6,
                                                7, 8, 10, 12, 16, 24, 32};
inline constexpr int kOrderCount = static_cast<int>(kOrders.size());
inline constexpr int kMaxOrder = kOrders.back();

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_TOKEN_ID_H_
