#ifndef EVALLOOP_PLATFORM_ACCESS_TESTING_TEST_ISSUER_H_
#define EVALLOOP_PLATFORM_ACCESS_TESTING_TEST_ISSUER_H_

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

#include "platform/base/crypto.h"

namespace evalloop::access {

// An issuer of identity tokens with keys of its own; for tests only.
class TestIssuer {
 public:
  TestIssuer()
      : rsa_(EVP_RSA_gen(2048), EVP_PKEY_free),
        curve_(EVP_EC_gen("P-256"), EVP_PKEY_free) {}

  // Its keys as a JWKS: "r" (RSA) and "e" (P-256).
  std::string Jwks() const {
    return R"({"keys":[{"kty":"RSA","kid":"r","use":"sig","alg":"RS256","n":")" +
           Field(rsa_.get(), OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
           Field(rsa_.get(), OSSL_PKEY_PARAM_RSA_E) +
           R"("},{"kty":"EC","kid":"e","crv":"P-256","x":")" +
           Field(curve_.get(), OSSL_PKEY_PARAM_EC_PUB_X) + R"(","y":")" +
           Field(curve_.get(), OSSL_PKEY_PARAM_EC_PUB_Y) + R"("}]})";
  }
  std::string RsaModulus() const {
    return Field(rsa_.get(), OSSL_PKEY_PARAM_RSA_N);
  }

  static std::string Encode(std::string_view text) {
    return base::Base64UrlEncode(text);
  }
  // Signed by its RSA key, whatever the header says.
  std::string Rsa(std::string_view header, std::string_view claims) const {
    const std::string text = Encode(header) + "." + Encode(claims);
    return text + "." + Encode(Sign(rsa_.get(), text));
  }
  // Signed by its P-256 key.
  std::string Curve(std::string_view header, std::string_view claims) const {
    const std::string text = Encode(header) + "." + Encode(claims);
    const std::string der = Sign(curve_.get(), text);
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* const signature =
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string raw(64, '\0');
    auto* const bytes = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + 32, 32);
    ECDSA_SIG_free(signature);
    return text + "." + Encode(raw);
  }
  std::string CurveDer(std::string_view header, std::string_view claims) const {
    const std::string text = Encode(header) + "." + Encode(claims);
    return text + "." + Encode(Sign(curve_.get(), text));
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

  static std::string Field(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    const bool coordinate = name[0] == 'q';
    std::string bytes(
        coordinate ? 32u : static_cast<std::size_t>(BN_num_bytes(number)),
        '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(bytes.size()));
    BN_free(number);
    return Encode(bytes);
  }
  static std::string Sign(EVP_PKEY* key, const std::string& text) {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    const auto* const in = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    EVP_DigestSign(context, nullptr, &size, in, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()),
                   &size, in, text.size());
    signature.resize(size);
    EVP_MD_CTX_free(context);
    return signature;
  }

  const Key rsa_;
  const Key curve_;
};

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_TESTING_TEST_ISSUER_H_
