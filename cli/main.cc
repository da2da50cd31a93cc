#include "cli/command_tree.h"

int main(int argc, char** argv) {
  return evalloop::cli::RunCommandLine(argc, argv);
}
