#ifndef EVALLOOP_PLATFORM_LISTING_CONDITION_H_
#define EVALLOOP_PLATFORM_LISTING_CONDITION_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/listing/fields.h"
#include "platform/listing/filter.h"

namespace evalloop::listing {

// The filter as an SQL condition that is true or false, never NULL: a field
// without a value is equal to nothing, so `!=` and NOT find it. Everything is
// "true". InvalidArgument names `filter`, the position and what is allowed.
absl::StatusOr<std::string> ConditionOf(const Filter& filter,
                                        std::span<const Field> fields,
                                        Bindings& bindings);

// Whether the filter says anything of the field.
bool Names(const Filter& filter, std::string_view field);

// The pattern of LIKE that finds what the value stands for.
std::string LikePattern(const Value& value);

}  // namespace evalloop::listing

#endif  // EVALLOOP_PLATFORM_LISTING_CONDITION_H_
