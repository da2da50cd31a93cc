#ifndef EVALLOOP_PLATFORM_POSTGRES_POOL_H_
#define EVALLOOP_PLATFORM_POSTGRES_POOL_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <pqxx/pqxx>
#include <stdexcept>
#include <string>
#include <vector>

namespace evalloop::postgres {

struct PoolOptions {
  std::string url = {};  // postgresql://... or a keyword=value string.
  std::string application_name = {};
  std::string schema = {};  // The search_path; the service's own schema.
  std::size_t max_connections = 8;
  std::chrono::milliseconds acquire_timeout{5'000};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds statement_timeout{30'000};
  std::chrono::milliseconds lock_timeout{10'000};
  std::chrono::milliseconds max_lifetime{30 * 60'000};
  std::chrono::milliseconds check_after_idle{5'000};
};

// Thrown by Pool::Acquire; Guard makes it ResourceExhausted.
class PoolExhausted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Opens one connection as `options` say: UTC, the schema's search_path,
// timeouts, no silent reconnect. Throws as libpqxx does.
std::unique_ptr<pqxx::connection> Connect(const PoolOptions& options);

// A bounded pool of connections. Thread-safe. A connection that broke is
// dropped; one that idled is checked before it is handed out.
class Pool {
 public:
  class Lease {
   public:
    ~Lease();
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    pqxx::connection& operator*() { return *connection_; }
    pqxx::connection* operator->() { return connection_.get(); }

   private:
    friend class Pool;
    Lease(Pool* pool, std::unique_ptr<pqxx::connection> connection,
          std::chrono::steady_clock::time_point born)
        : pool_(pool), connection_(std::move(connection)), born_(born) {}

    Pool* pool_;
    std::unique_ptr<pqxx::connection> connection_;  // Null once moved from.
    std::chrono::steady_clock::time_point born_;
  };

  explicit Pool(PoolOptions options) : options_(std::move(options)) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Waits at most acquire_timeout for a free connection. Call it inside
  // Guard(): throws PoolExhausted, and pqxx::broken_connection when the
  // database cannot be reached.
  Lease Acquire();

  const PoolOptions& options() const { return options_; }
  std::size_t in_use() const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Idle {
    std::unique_ptr<pqxx::connection> connection;
    Steady::time_point born;
    Steady::time_point returned;
  };

  void Return(std::unique_ptr<pqxx::connection> connection,
              Steady::time_point born);
  bool IsHealthy(const Idle& idle) const;

  const PoolOptions options_;
  mutable std::mutex mu_;
  std::condition_variable returned_;
  std::vector<Idle> idle_;
  std::size_t in_use_ = 0;
};

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_POOL_H_
