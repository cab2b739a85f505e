/* SPDX-License-Identifier: MIT */
/*
 * HOME/cache/schedule: what is due, between runs. It is a cache: where it is lost or broken,
 * all is asked at once. Text, an item a line, by the wall clock (the boot clock ends with the
 * boot):
 *
 *	NAME QTYPE DUE LOOKUPS FAILURES TTL [PARENT]
 *
 * A nameserver's line tells the target that named it, so that a run follows it although it
 * does not ask that target's NS; one that no longer is named is not kept.
 */
#ifndef CRAWLER_SCHEDULE_FILE_H
#define CRAWLER_SCHEDULE_FILE_H

#include "base/clock.h"
#include "crawler/schedule.h"

int schedule_file_save(const struct schedule *schedule, const char *home,
		       const struct clock *clock, struct error *err) MUST_CHECK;
/*
 * Restores the items of a schedule that was just filled, and adds nameservers. Names that are
 * no targets now are skipped, broken lines too, with one warning. A missing file is fine.
 */
int schedule_file_load(struct schedule *schedule, const char *home, const struct clock *clock,
		       struct error *err) MUST_CHECK;

#endif
