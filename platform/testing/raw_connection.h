#ifndef EVALLOOP_PLATFORM_TESTING_RAW_CONNECTION_H_
#define EVALLOOP_PLATFORM_TESTING_RAW_CONNECTION_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace evalloop::testing {

// A TCP connection to a port of 127.0.0.1 that says exactly what a test wants
// said, valid or not. Reads give up after ten seconds.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                           sizeof address) == 0;
  }
  ~RawConnection() { Close(); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool connected() const { return connected_; }

  bool Say(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Everything up to and with `end`, or up to the peer's close.
  std::string HearUntil(std::string_view end) {
    while (buffer_.find(end) == std::string::npos) {
      if (!Read()) return std::exchange(buffer_, {});
    }
    const std::size_t size = buffer_.find(end) + end.size();
    std::string heard = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return heard;
  }

  // Everything up to the peer's close.
  std::string HearAll() {
    while (Read()) {
    }
    return std::exchange(buffer_, {});
  }

  // True once the peer has closed; what it said before stays unread.
  bool PeerCloses() {
    while (Read()) {
    }
    return closed_;
  }

  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  bool Read() {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, 10'000) <= 0) return false;
    char piece[4096];
    const auto size = ::recv(fd_, piece, sizeof piece, 0);
    closed_ = size <= 0;
    if (closed_) return false;
    buffer_.append(piece, static_cast<std::size_t>(size));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool closed_ = false;
  std::string buffer_;
};

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_RAW_CONNECTION_H_
