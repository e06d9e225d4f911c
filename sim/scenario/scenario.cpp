#include "sim/scenario/scenario.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(Scenario)

}  // namespace nutshell
