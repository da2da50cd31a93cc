#include "platform/http/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <fstream>
#include <string_view>
#include <utility>

#include "platform/base/crypto.h"
#include "platform/telemetry/log.h"

namespace evalloop::http {
namespace {

constexpr std::size_t kMaxFile = 256u << 10;  // bytes
// Forward secret and authenticated; TLS 1.3 has no others.
constexpr char kCiphers12[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr unsigned char kHttp11[] = "\x08http/1.1";

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio BioOf(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
          &BIO_free};
}

// Without it OpenSSL would ask the terminal for an encrypted key's password.
int NoPassword(char*, int, int, void*) { return -1; }

absl::StatusOr<std::string> TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.empty()) {
    return absl::FailedPreconditionError(
        fmt::format("the TLS file \"{}\" can't be read", path));
  }
  if (text.size() > kMaxFile) {
    return absl::FailedPreconditionError(
        fmt::format("the TLS file \"{}\" has more than 256 KiB", path));
  }
  return text;
}

// The failure with OpenSSL's reason, which leaves this thread's queue.
absl::Status Unusable(std::string_view what, const std::string& path) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return absl::FailedPreconditionError(fmt::format(
      "the TLS file \"{}\" {}{}{}", path, what, reason == nullptr ? "" : ": ",
      reason == nullptr ? "" : reason));
}

// Picks http/1.1, which is all we speak; refuses who offers only others.
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size,
                   const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp11, sizeof kHttp11 - 1, offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

void SslDeleter::operator()(ssl_st* ssl) const { SSL_free(ssl); }

absl::StatusOr<std::unique_ptr<TlsIdentity>> TlsIdentity::Of(TlsFiles files) {
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(std::move(files)));
  const auto pem = identity->Read();
  if (!pem.ok()) return pem.status();
  auto context = identity->Load(*pem);
  if (!context.ok()) return context.status();
  identity->context_ = *std::move(context);
  identity->digest_ = pem->digest;
  return identity;
}

void TlsIdentity::Renew() {
  const auto pem = Read();
  // A file that is missing now and then has a digest too.
  const std::string digest =
      pem.ok() ? pem->digest : std::string(pem.status().message());
  {
    std::lock_guard lock(mu_);
    if (digest == digest_) return;
    digest_ = digest;
  }
  auto context = pem.ok() ? Load(*pem) : absl::StatusOr<Context>(pem.status());
  if (!context.ok()) {
    telemetry::LogWarning("a renewed TLS certificate is of no use",
                          {{"why", context.status().ToString()}});
    return;
  }
  telemetry::LogInfo("renewed the TLS certificate",
                     {{"file", files_.certificate_file}});
  std::lock_guard lock(mu_);
  context_ = *std::move(context);
}

Ssl TlsIdentity::NewConnection() const {
  std::lock_guard lock(mu_);
  return Ssl(SSL_new(context_.get()));  // Holds the context itself.
}

absl::StatusOr<TlsIdentity::Pem> TlsIdentity::Read() const {
  auto certificates = TextOf(files_.certificate_file);
  if (!certificates.ok()) return certificates.status();
  auto key = TextOf(files_.key_file);
  if (!key.ok()) return key.status();
  std::string digest = base::Sha256Hex(*certificates) + base::Sha256Hex(*key);
  return Pem{*std::move(certificates), *std::move(key), std::move(digest)};
}

absl::StatusOr<TlsIdentity::Context> TlsIdentity::Load(const Pem& pem) const {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (context == nullptr) return absl::ResourceExhaustedError("SSL_CTX_new");
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_cipher_list(raw, kCiphers12);
  SSL_CTX_set_alpn_select_cb(raw, &ChooseProtocol, nullptr);

  const std::string& file = files_.certificate_file;
  const Bio chain = BioOf(pem.certificates);
  Certificate own(
      PEM_read_bio_X509_AUX(chain.get(), nullptr, &NoPassword, nullptr),
      &X509_free);
  if (own == nullptr) return Unusable("has no PEM certificate", file);
  if (SSL_CTX_use_certificate(raw, own.get()) != 1) {
    return Unusable("has a certificate of no use", file);
  }
  while (true) {
    const Certificate next(
        PEM_read_bio_X509(chain.get(), nullptr, &NoPassword, nullptr),
        &X509_free);
    if (next == nullptr) break;
    if (SSL_CTX_add1_chain_cert(raw, next.get()) != 1) {
      return Unusable("has a chain of no use", file);
    }
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return Unusable("has a chain that is no PEM", file);
  }
  ERR_clear_error();  // That was the end of the file.

  const Bio text = BioOf(pem.key);
  const Key key(
      PEM_read_bio_PrivateKey(text.get(), nullptr, &NoPassword, nullptr),
      &EVP_PKEY_free);
  if (key == nullptr) {
    return Unusable("has no PEM key, or an encrypted one", files_.key_file);
  }
  if (SSL_CTX_use_PrivateKey(raw, key.get()) != 1) {
    return Unusable("has not the key of the certificate", files_.key_file);
  }
  return context;
}

}  // namespace evalloop::http
