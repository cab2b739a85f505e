/* SPDX-License-Identifier: MIT */
/*
 * HOME/cache/schedule: what is due, between runs. It is a cache: where it is lost or broken,
 * all is asked at once. Text, a target a line, with those of its items that were ever asked:
 *
 *	NAME [QTYPE DUE LOOKUPS FAILURES TTL]... [PARENT]
 *
 * DUE is by the wall clock, as the boot clock ends with the boot, in microseconds since 1970.
 * A nameserver's line tells the target that named it, so that a run follows it although it
 * does not ask that target's NS; one that no longer is named is not kept. Lists may take turns
 * in one home: the lines of names that this run does not follow stay as they are, until they
 * are a week overdue.
 */
#ifndef CRAWLER_SCHEDULE_FILE_H
#define CRAWLER_SCHEDULE_FILE_H

#include "base/clock.h"
#include "crawler/schedule.h"

int schedule_file_save(const struct schedule *schedule, const char *home,
		       const struct clock *clock, struct error *err) MUST_CHECK;
/*
 * Restores the items of a schedule that was just filled, and adds nameservers. Broken lines
 * are skipped, with one warning. A missing file is fine.
 */
int schedule_file_load(struct schedule *schedule, const char *home, const struct clock *clock,
		       struct error *err) MUST_CHECK;

#endif
