#ifndef EVALLOOP_PLATFORM_POSTGRES_ARRAYS_H_
#define EVALLOOP_PLATFORM_POSTGRES_ARRAYS_H_

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace evalloop::postgres {

// Array columns as vectors; a NULL column is an empty one. All throw as libpqxx
// does, so call them inside Guard or ReadOnly. A NULL element is an error but
// in DoublesOf.
std::vector<std::string> TextsOf(const pqxx::field& field);
std::vector<std::int64_t> IntsOf(const pqxx::field& field);
std::vector<std::optional<double>> DoublesOf(const pqxx::field& field);

// A column of its own: nothing for NULL.
std::optional<double> DoubleOf(const pqxx::field& field);

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_ARRAYS_H_
