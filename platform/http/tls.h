#ifndef EVALLOOP_PLATFORM_HTTP_TLS_H_
#define EVALLOOP_PLATFORM_HTTP_TLS_H_

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "platform/http/server.h"

struct ssl_st;
struct ssl_ctx_st;

namespace evalloop::http {

// Private to the server: its certificate, by OpenSSL.

struct SslDeleter {
  void operator()(ssl_st* ssl) const;
};
using Ssl = std::unique_ptr<ssl_st, SslDeleter>;

// The certificate chain and the key of a server, as their files have them.
// Thread-safe.
class TlsIdentity {
 public:
  // FailedPrecondition names the file that can't be read, has no PEM (or an
  // encrypted one), or does not fit the other.
  static absl::StatusOr<std::unique_ptr<TlsIdentity>> Of(TlsFiles files);

  // Takes what the files have by now. A pair that is broken, or half written,
  // is logged once and leaves the one before in use.
  void Renew();

  // The server's end of one connection: TLS 1.2 or 1.3, ALPN http/1.1.
  // Connections keep the certificate that they began with.
  Ssl NewConnection() const;

 private:
  using Context = std::shared_ptr<ssl_ctx_st>;

  // Both files' bytes, and what tells them from other bytes.
  struct Pem {
    std::string certificates;
    std::string key;
    std::string digest;
  };

  explicit TlsIdentity(TlsFiles files) : files_(std::move(files)) {}

  absl::StatusOr<Pem> Read() const;
  absl::StatusOr<Context> Load(const Pem& pem) const;

  const TlsFiles files_;
  mutable std::mutex mu_;
  Context context_;     // Guarded by mu_.
  std::string digest_;  // Of what was looked at last, good or not; likewise.
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_TLS_H_
