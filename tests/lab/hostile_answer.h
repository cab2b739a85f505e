/* SPDX-License-Identifier: MIT */
/* What the hostile server says to a query; hostile_answer.c lists the behaviours. No sockets.
 */
#ifndef TESTS_LAB_HOSTILE_ANSWER_H
#define TESTS_LAB_HOSTILE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUERY_MAX 512
#define REPLY_MAX 65535

struct query {
	uint8_t msg[QUERY_MAX];
	size_t len;
	bool is_tcp;
	/* filled by hostile_answer */
	size_t question_end; /* offset behind the question */
	uint16_t type;
	uint16_t udp_max; /* the longest reply the asker takes over UDP */
};

struct reply {
	uint8_t msg[REPLY_MAX];
	size_t len; /* 0: say nothing */
};

void hostile_answer(struct query *query, struct reply *reply);

#endif
