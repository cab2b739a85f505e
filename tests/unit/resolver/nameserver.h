/* SPDX-License-Identifier: MIT */
/*
 * A nameserver in a thread, on a free port of 127.0.0.1, over UDP and TCP, for the tests of the
 * channel. The first label of the name asked tells it what to do: see make_reply().
 */
#ifndef TESTS_RESOLVER_NAMESERVER_H
#define TESTS_RESOLVER_NAMESERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAMESERVER_MESSAGE_MAX 2048
#define NAMESERVER_QUERY_MAX   512
#define NAMESERVER_LARGE       1200 /* more than 512, less than EDNS's 1232 */

struct nameserver {
	pthread_t thread;
	atomic_bool stop;
	int udp;
	int tcp; /* listens */
	uint16_t port;
	/* Of the last question; the reply's way to the test orders these. */
	unsigned asked;      /* questions over UDP; the test may clear it */
	uint16_t asked_from; /* source port */
	unsigned connections;
	bool asked_with_edns;
	uint8_t query[NAMESERVER_QUERY_MAX]; /* as it came */
	size_t query_len;
	uint8_t sent[NAMESERVER_MESSAGE_MAX];
	size_t sent_len;
};

extern struct nameserver server;

/* Setup and teardown of a group of tests. */
int nameserver_start(void **state);
int nameserver_stop(void **state);
/* A UDP or TCP socket bound to 127.0.0.1 at port (0: any); -1: the port is taken. */
int nameserver_bind(int type, uint16_t port);
uint16_t nameserver_port(int fd);

#endif
