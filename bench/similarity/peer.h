#ifndef EVALLOOP_BENCH_SIMILARITY_PEER_H_
#define EVALLOOP_BENCH_SIMILARITY_PEER_H_

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>

namespace evalloop::bench {

// peer.py in the locked Python, spoken to by lines.
class Peer {
 public:
  // Nothing where that Python is not there: `./dev test unit` makes it.
  static std::optional<std::string> FindPython();

  explicit Peer(const std::string& python);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void Write(const std::string& line);
  std::string ReadLine();  // Without its end; empty where there is no more.

 private:
  pid_t process_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

}  // namespace evalloop::bench

#endif  // EVALLOOP_BENCH_SIMILARITY_PEER_H_
