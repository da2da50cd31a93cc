#ifndef EVALLOOP_PLATFORM_TESTING_TLS_CONNECTION_H_
#define EVALLOOP_PLATFORM_TESTING_TLS_CONNECTION_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace evalloop::testing {

struct TlsConnectionOptions {
  int newest = TLS1_3_VERSION;  // The newest version that it speaks.
  std::string alpn = {};        // What it offers, in ALPN's own encoding.
};

// A TLS client of a port of 127.0.0.1 that trusts anybody, and tells what a
// client of the product would not. Reads give up after ten seconds.
class TlsConnection {
 public:
  explicit TlsConnection(std::uint16_t port, TlsConnectionOptions options = {})
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
        ssl_(SSL_new(context_.get()), &SSL_free) {
    const timeval patience{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) != 0) {
      return;
    }
    SSL_set_security_level(ssl_.get(), 0);  // Old versions too.
    SSL_set_min_proto_version(ssl_.get(), TLS1_VERSION);
    SSL_set_max_proto_version(ssl_.get(), options.newest);
    SSL_set_alpn_protos(
        ssl_.get(), reinterpret_cast<const unsigned char*>(options.alpn.data()),
        static_cast<unsigned>(options.alpn.size()));
    SSL_set_fd(ssl_.get(), fd_);
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  ~TlsConnection() { ::close(fd_); }
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  bool connected() const { return connected_; }

  // The protocol that the server chose of those offered; empty: none.
  std::string Protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return size == 0 ? ""
                     : std::string(reinterpret_cast<const char*>(name), size);
  }

  // The subject of the server's certificate: "/CN=good".
  std::string Subject() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        SSL_get1_peer_certificate(ssl_.get()), &X509_free);
    if (certificate == nullptr) return "";
    char name[256];
    X509_NAME_oneline(X509_get_subject_name(certificate.get()), name,
                      sizeof name);
    return name;
  }

  bool Say(std::string_view text) {
    return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) ==
           static_cast<int>(text.size());
  }

  // Everything up to the end of the connection, or up to `end`.
  std::string HearUntil(std::string_view end) {
    std::string heard;
    char piece[4096];
    while (end.empty() || heard.find(end) == std::string::npos) {
      const int size = SSL_read(ssl_.get(), piece, sizeof piece);
      if (size <= 0) break;
      heard.append(piece, static_cast<std::size_t>(size));
    }
    return heard;
  }
  std::string HearAll() { return HearUntil(""); }

  // After the end: the server said that it was one.
  bool HeardGoodbye() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

  // Tells the server that this client leaves; the socket stays open.
  void SayGoodbye() { SSL_shutdown(ssl_.get()); }

 private:
  const int fd_;
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool connected_ = false;
};

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_TLS_CONNECTION_H_
