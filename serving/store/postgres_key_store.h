#ifndef EVALLOOP_SERVING_STORE_POSTGRES_KEY_STORE_H_
#define EVALLOOP_SERVING_STORE_POSTGRES_KEY_STORE_H_

#include "platform/postgres/pool.h"
#include "serving/domain/key_desk.h"

namespace evalloop::serving {

// KeyStore over table access_keys.
class PostgresKeyStore final : public KeyStore {
 public:
  // `pool` outlives this object.
  explicit PostgresKeyStore(postgres::Pool& pool) : pool_(pool) {}

  absl::Status Insert(base::UnitOfWork& work, const AccessKey& key) override;
  absl::StatusOr<AccessKey> Revoke(base::UnitOfWork& work, std::string_view id,
                                   std::string_view revoker,
                                   absl::Time time) override;
  absl::StatusOr<std::vector<AccessKey>> List(const KeyCursor& cursor,
                                              std::int64_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STORE_POSTGRES_KEY_STORE_H_
