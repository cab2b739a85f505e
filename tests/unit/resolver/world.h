/* SPDX-License-Identifier: MIT */
/*
 * A resolver over a made-up network whose servers each have a manner: for the tests of what the
 * resolver makes of it. One world at a time.
 */
#ifndef TESTS_RESOLVER_WORLD_H
#define TESTS_RESOLVER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "resolver/resolver.h"
#include "tests/replay/fake_channel.h"

#define MS                INT64_C(1000)
#define S                 INT64_C(1000000)
#define WORLD_LOOKUPS_MAX 64

/* What a server does with all but probes; a probe is answered where the server lives. */
enum manner {
	ANSWERS,
	SILENT,   /* but it lives */
	DEAD,     /* probes are not answered either */
	FAULTS,   /* ICMP refusals, probes too */
	SERVFAIL, /* it and the next three: replies of that rcode */
	REFUSED,
	NXDOMAIN,
	NOTIMP,
	GARBLES,        /* half a header */
	TRUNCATES,      /* TC and nothing else */
	TRUNCATES_SOME, /* TC and an address */
};

struct world {
	enum manner udp[4]; /* of 127.0.0.1, .2, ... */
	enum manner tcp[4];
	int64_t delay_us;     /* of all replies but those to probes */
	unsigned faults_left; /* so many questions meet a fault, whatever the manner */
	size_t peak;          /* most in flight */

	struct loop *loop;
	struct resolver *resolver;
	size_t to_ask; /* names still to be asked by the turn */
	size_t next;
	struct name names[256];

	size_t lookup_count; /* may pass WORLD_LOOKUPS_MAX: the rest is only counted */
	struct {
		enum outcome outcome;
		unsigned server; /* 1, 2, ... */
		bool over_tcp;
		uint32_t rtt_us;
		int64_t asked_us;
	} lookups[WORLD_LOOKUPS_MAX];
	size_t ends[3]; /* by enum question_end */
};

extern struct world world;

/* A resolver over servers of first.0.0.1 on, all of which answer until told otherwise. */
void world_start_at(uint8_t first, size_t servers, double rate_qps);
/* On loopback, without a rate limit. */
void world_start(size_t servers);
/* A teardown: fails where a channel is left open. */
int world_stop(void **state);
/* Lets the servers be proven, sets their manner, asks one name and waits for its end. */
void world_ask_one(enum manner manner);
void world_check_lookup(size_t at, enum outcome outcome, bool over_tcp);

#define WORLD_TEST(f) cmocka_unit_test_teardown(f, world_stop)

#endif
