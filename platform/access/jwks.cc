// Keys of issuers, over OpenSSL 3.
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "platform/access/jwt.h"
#include "platform/access/strict_json.h"
#include "platform/base/crypto.h"

namespace evalloop::access {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxSet = 256 * 1024;
constexpr std::size_t kMaxKeys = 64;
constexpr std::size_t kMaxModulus = 1024;  // Bytes.
constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kCoordinate = 32;  // Bytes, of P-256.

template <class T, void (*kFree)(T*)>
struct Free {
  void operator()(T* thing) const { kFree(thing); }
};
template <class T, void (*kFree)(T*)>
using Owned = std::unique_ptr<T, Free<T, kFree>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;
using Builder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using EcdsaSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number NumberOf(std::string_view bytes) {
  return Number(
      BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// An ES256 signature, r and s side by side, as OpenSSL reads it. Empty where it
// is none.
std::string DerOf(std::string_view raw) {
  if (raw.size() != 2 * kCoordinate) return "";
  const EcdsaSignature signature(ECDSA_SIG_new());
  Number r = NumberOf(raw.substr(0, kCoordinate));
  Number s = NumberOf(raw.substr(kCoordinate));
  if (!signature || !r || !s ||
      ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    return "";
  }
  static_cast<void>(r.release());  // The signature's now.
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return "";
  std::string text(reinterpret_cast<const char*>(der),
                   static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

class OpenSslKey final : public PublicKey {
 public:
  OpenSslKey(Key key, std::string_view algorithm)
      : key_(std::move(key)), algorithm_(algorithm) {}

  bool Verifies(std::string_view algorithm, std::string_view text,
                std::string_view signature) const override {
    if (algorithm != algorithm_) return false;
    std::string der;
    if (algorithm == "ES256") {
      der = DerOf(signature);
      if (der.empty()) return false;
      signature = der;
    }
    const DigestContext context(EVP_MD_CTX_new());
    // RSA's padding is PKCS #1 1.5 unless told otherwise, which is RS256's.
    const bool good =
        context &&
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                             key_.get()) == 1 &&
        EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                         Bytes(text), text.size()) == 1;
    ERR_clear_error();
    return good;
  }

 private:
  const Key key_;
  const std::string algorithm_;
};

Key Make(const char* kind, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                      parameters.get());
  }
  ERR_clear_error();
  return Key(key);
}

std::optional<std::string> BytesAt(const json::object& key, const char* name) {
  const json::value* const value = key.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const auto& text = value->as_string();
  return base::Base64UrlDecode({text.data(), text.size()});
}

std::string TextAt(const json::object& key, const char* name) {
  const json::value* const value = key.if_contains(name);
  return value != nullptr && value->is_string()
             ? std::string(value->as_string())
             : "";
}

std::shared_ptr<const PublicKey> RsaKey(const json::object& key) {
  const auto n = BytesAt(key, "n");
  const auto e = BytesAt(key, "e");
  if (!n || !e || n->size() > kMaxModulus || e->empty() || e->size() > 4) {
    return nullptr;
  }
  const Number modulus = NumberOf(*n);
  const Number exponent = NumberOf(*e);
  if (!modulus || !exponent || BN_num_bits(modulus.get()) < kLeastRsaBits ||
      BN_is_odd(exponent.get()) == 0 || BN_is_one(exponent.get()) == 1) {
    return nullptr;
  }
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  Key made = Make("RSA", builder.get());
  if (!made) return nullptr;
  return std::make_shared<OpenSslKey>(std::move(made), "RS256");
}

std::shared_ptr<const PublicKey> CurveKey(const json::object& key) {
  const auto x = BytesAt(key, "x");
  const auto y = BytesAt(key, "y");
  if (TextAt(key, "crv") != "P-256" || !x || !y || x->size() != kCoordinate ||
      y->size() != kCoordinate) {
    return nullptr;
  }
  const std::string point = "\x04" + *x + *y;  // Uncompressed.
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                  "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                   point.data(), point.size());
  Key made = Make("EC", builder.get());
  if (!made) return nullptr;
  return std::make_shared<OpenSslKey>(std::move(made), "ES256");
}

std::shared_ptr<const PublicKey> KeyOf(const json::object& key) {
  const std::string use = TextAt(key, "use");
  const std::string kind = TextAt(key, "kty");
  const std::string algorithm = TextAt(key, "alg");
  if (!use.empty() && use != "sig") return nullptr;
  if (kind == "RSA" && (algorithm.empty() || algorithm == "RS256")) {
    return RsaKey(key);
  }
  if (kind == "EC" && (algorithm.empty() || algorithm == "ES256")) {
    return CurveKey(key);
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<KeySet> ParseJwks(std::string_view text) {
  if (text.size() > kMaxSet) {
    return absl::InvalidArgumentError("the key set is too large");
  }
  const auto set = ParseStrictObject(text);
  if (!set.ok()) return set.status();
  const json::value* const list = set->if_contains("keys");
  if (list == nullptr || !list->is_array() ||
      list->as_array().size() > kMaxKeys) {
    return absl::InvalidArgumentError("no key set, or one of too many keys");
  }
  KeySet keys;
  for (const json::value& entry : list->as_array()) {
    if (!entry.is_object()) continue;
    const std::string id = TextAt(entry.as_object(), "kid");
    auto key = KeyOf(entry.as_object());
    if (!id.empty() && key != nullptr) keys.emplace(id, std::move(key));
  }
  if (keys.empty()) {
    return absl::InvalidArgumentError("the key set holds no key that is taken");
  }
  return keys;
}

}  // namespace evalloop::access
