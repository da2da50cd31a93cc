// Stands before protobuf's own header in builds with ThreadSanitizer, where that
// one gives its maps two members more. Debian's libprotobuf was built without
// them, and would read the fields of a message with a map at the wrong place.
#pragma once

#include <atomic>
#include <functional>

#pragma push_macro("__SANITIZE_THREAD__")
#undef __SANITIZE_THREAD__
#include_next <google/protobuf/map_field.h>
#pragma pop_macro("__SANITIZE_THREAD__")
