#ifndef EVALLOOP_CLI_COMMAND_TREE_H_
#define EVALLOOP_CLI_COMMAND_TREE_H_

namespace evalloop::cli {

// Parses the command line and runs what it asks for; the process's exit code.
int RunCommandLine(int argc, char** argv);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_COMMAND_TREE_H_
