#include "bench/similarity/peer.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace evalloop::bench {

std::optional<std::string> Peer::FindPython() {
  std::FILE* const pipe = popen("bash -c 'source " EVALLOOP_SOURCE_DIR
                                "/deploy/local/python_tools.sh; python_tools'",
                                "r");
  if (pipe == nullptr) return std::nullopt;
  char line[4096] = {};
  const bool read = std::fgets(line, sizeof(line), pipe) != nullptr;
  const bool found = pclose(pipe) == 0 && read;
  std::string path(line);
  if (!path.empty() && path.back() == '\n') path.pop_back();
  return found ? std::optional(path) : std::nullopt;
}

Peer::Peer(const std::string& python) {
  int in[2];
  int out[2];
  if (pipe(in) != 0 || pipe(out) != 0) std::abort();
  process_ = fork();
  if (process_ == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
    setenv("PYTHONPATH", EVALLOOP_SOURCE_DIR "/tests/similarity", 1);
    execl(python.c_str(), python.c_str(), "-B",
          EVALLOOP_SOURCE_DIR "/bench/similarity/peer.py",
          static_cast<char*>(nullptr));
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to_ = fdopen(in[1], "w");
  from_ = fdopen(out[0], "r");
}

Peer::~Peer() {
  std::fclose(to_);
  std::fclose(from_);
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

void Peer::Write(const std::string& line) {
  std::fputs((line + "\n").c_str(), to_);
  std::fflush(to_);
}

std::string Peer::ReadLine() {
  std::string line;
  for (int c = 0; (c = std::fgetc(from_)) != EOF && c != '\n';) {
    line.push_back(static_cast<char>(c));
  }
  return line;
}

}  // namespace evalloop::bench
