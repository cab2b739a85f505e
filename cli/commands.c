/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <stddef.h>

const struct command *const commands[] = {
	&command_track,
	&command_load,
	&command_enrich,
	&command_probe,
	&command_score,
	&command_status,
	&command_evidence,
	&command_verify,
	&command_export,
	&command_report,
	&command_changes,
	&command_import,
	&command_extract,
	&command_dga,
	&command_db,
	&command_doctor,
	NULL,
};
