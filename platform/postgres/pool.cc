#include "platform/postgres/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace evalloop::postgres {
namespace {

using std::chrono::milliseconds;

void Set(pqxx::connection_base& connection, const std::string& name,
         const std::string& value) {
  // SET takes no parameters; set_config does.
  pqxx::nontransaction tx(connection);
  tx.exec_params("SELECT set_config($1, $2, false)", name, value);
}

// libpq knows seconds alone, and less than two is rounded up to two.
std::string WithConnectTimeout(const PoolOptions& options) {
  const auto seconds = std::max<std::int64_t>(
      2,
      std::chrono::ceil<std::chrono::seconds>(options.connect_timeout).count());
  const bool is_url = options.url.find("://") != std::string::npos;
  if (!is_url)
    return fmt::format("{} connect_timeout={}", options.url, seconds);
  const bool has_query = options.url.find('?') != std::string::npos;
  return fmt::format("{}{}connect_timeout={}", options.url,
                     has_query ? '&' : '?', seconds);
}

}  // namespace

std::unique_ptr<pqxx::connection> Connect(const PoolOptions& options) {
  auto connection =
      std::make_unique<pqxx::connection>(WithConnectTimeout(options));
  // A silent reconnect would lose the settings below, and locks. Deprecated, as
  // libpqxx 7 never reconnects; 6.4 does unless told.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
  Set(*connection, "application_name", options.application_name);
  if (!options.schema.empty()) Set(*connection, "search_path", options.schema);
  Set(*connection, "timezone", "UTC");
  Set(*connection, "datestyle", "ISO, YMD");
  Set(*connection, "statement_timeout",
      std::to_string(options.statement_timeout.count()));
  Set(*connection, "lock_timeout",
      std::to_string(options.lock_timeout.count()));
  Set(*connection, "idle_in_transaction_session_timeout",
      std::to_string(options.statement_timeout.count() * 4));
  return connection;
}

Pool::Lease::~Lease() {
  if (connection_ != nullptr) pool_->Return(std::move(connection_), born_);
}

Pool::Lease Pool::Acquire() {
  const auto deadline = Steady::now() + options_.acquire_timeout;
  {
    std::unique_lock lock(mu_);
    const bool free = returned_.wait_until(
        lock, deadline, [this] { return in_use_ < options_.max_connections; });
    if (!free) {
      throw PoolExhausted(fmt::format(
          "no database connection came free within {} ms (all {} in use)",
          options_.acquire_timeout.count(), options_.max_connections));
    }
    ++in_use_;
  }
  try {
    while (true) {
      std::unique_lock lock(mu_);
      if (idle_.empty()) break;
      Idle idle = std::move(idle_.back());
      idle_.pop_back();
      lock.unlock();
      if (IsHealthy(idle)) {
        return Lease(this, std::move(idle.connection), idle.born);
      }
    }
    return Lease(this, Connect(options_), Steady::now());
  } catch (...) {
    Return(nullptr, {});
    throw;
  }
}

bool Pool::IsHealthy(const Idle& idle) const {
  const auto now = Steady::now();
  if (now - idle.born > options_.max_lifetime) return false;
  if (now - idle.returned < options_.check_after_idle) return true;
  try {
    pqxx::nontransaction tx(*idle.connection);
    tx.exec("SELECT 1");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void Pool::Return(std::unique_ptr<pqxx::connection> connection,
                  Steady::time_point born) {
  if (connection != nullptr && !connection->is_open()) connection.reset();
  {
    std::lock_guard lock(mu_);
    --in_use_;
    if (connection != nullptr) {
      idle_.push_back({std::move(connection), born, Steady::now()});
    } else {
      // One broken connection mostly means a restarted server: make the others
      // prove themselves before they are handed out.
      for (Idle& idle : idle_) idle.returned = {};
    }
  }
  returned_.notify_one();
}

std::size_t Pool::in_use() const {
  std::lock_guard lock(mu_);
  return in_use_;
}

}  // namespace evalloop::postgres
