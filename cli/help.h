/* SPDX-License-Identifier: MIT */
/* Help texts, made from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

#include <stdio.h>

void help_all(FILE *out, const struct option_row *global_options);
void help_command(FILE *out, const struct command *command);

#endif
