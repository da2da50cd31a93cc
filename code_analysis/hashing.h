#ifndef EVALLOOP_CODE_ANALYSIS_HASHING_H_
#define EVALLOOP_CODE_ANALYSIS_HASHING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace evalloop::code_analysis {

// The factor m of multiply-shift hashing, x -> (x * m) >> s with m odd and
// random (Dietzfelbinger et al., J. Algorithms 25(1), 1997). Drawn once a
// process, so that nobody can write a text whose words collide. No result may
// depend on it.
std::uint64_t HashFactor();

// Tables and buffers are a thread's own and kept from call to call: texts of a
// usual length cost no allocation. What a huge text made of them is given back.
inline constexpr std::size_t kKeptBytes = std::size_t{1} << 20;

template <typename T>
void GiveBackHuge(std::vector<T>& buffer) {
  if (buffer.capacity() * sizeof(T) > kKeptBytes) std::vector<T>().swap(buffer);
}

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_HASHING_H_
