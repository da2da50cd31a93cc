#ifndef EVALLOOP_CLI_MINED_ROW_H_
#define EVALLOOP_CLI_MINED_ROW_H_

#include <string>
#include <string_view>

#include "prompt_engine/domain/mined_item.h"

namespace evalloop::cli {

// One line of `evalloop mine`, without its end, as
// docs/formats/mined-item.schema.json has it. The same item gives the same
// bytes.
std::string MinedRow(std::string_view repository,
                     const prompt_engine::MinedItem& item);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_MINED_ROW_H_
