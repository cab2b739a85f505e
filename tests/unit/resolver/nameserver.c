/* SPDX-License-Identifier: MIT */
#include "tests/unit/resolver/nameserver.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct nameserver server;

static bool is_asked(const uint8_t *query, const char *label)
{
	return query[12] == strlen(label) && memcmp(query + 13, label, query[12]) == 0;
}

/* Header and question of query as a reply; the query's OPT record (11 octets) is left out. */
static void start_reply(const uint8_t *query, size_t len)
{
	server.asked_with_edns = query[11] == 1;
	server.sent_len = len - (server.asked_with_edns ? 11 : 0);
	memcpy(server.sent, query, server.sent_len);
	server.sent[2] = 0x81;
	server.sent[3] = 0x80;
	server.sent[11] = 0;
}

/* Header alone; the digit that is the name's second label is the rcode. */
static void strip_question(const uint8_t *query)
{
	server.sent[3] = (uint8_t)(0x80 | (query[14 + query[12]] - '0'));
	server.sent[5] = 0;
	server.sent_len = 12;
}

/* Says that five answers follow, and then something else does. */
static void break_records(void)
{
	static const uint8_t RUBBISH[] = {0xc0, 0xff, 0x3f, 0x00, 0xff, 0xff, 0xff, 0xff, 0x80};

	server.sent[7] = 5;
	memcpy(server.sent + server.sent_len, RUBBISH, sizeof(RUBBISH));
	server.sent_len += sizeof(RUBBISH);
}

/* Makes the reply; false: stay silent. */
static bool make_reply(const uint8_t *query, size_t len, bool over_tcp)
{
	memcpy(server.query, query, len);
	server.query_len = len;
	start_reply(query, len);
	if (is_asked(query, "silent"))
		return false;
	if (is_asked(query, "servfail"))
		server.sent[3] |= 2;
	if (is_asked(query, "formerr"))
		server.sent[3] |= 1;
	if (is_asked(query, "truncated") && !over_tcp)
		server.sent[2] |= 2;
	if (is_asked(query, "id"))
		server.sent[1] ^= 1;
	if (is_asked(query, "question"))
		server.sent[13] = 'x';
	if (is_asked(query, "bare"))
		strip_question(query);
	if (is_asked(query, "broken"))
		break_records();
	if (is_asked(query, "garbage"))
		server.sent_len = 7;
	if (is_asked(query, "large") || (is_asked(query, "truncated") && over_tcp)) {
		memset(server.sent + server.sent_len, 'x', NAMESERVER_LARGE - server.sent_len);
		server.sent_len = NAMESERVER_LARGE;
	}
	return true;
}

static void serve_udp(void)
{
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	uint8_t query[NAMESERVER_QUERY_MAX];
	ssize_t len = recvfrom(server.udp, query, sizeof(query), 0, (struct sockaddr *)&from,
			       &from_len);

	if (len < 13)
		return;
	server.asked++;
	server.asked_from = ntohs(from.sin_port);
	if (!make_reply(query, (size_t)len, false))
		return;
	if (is_asked(query, "empty"))
		sendto(server.udp, NULL, 0, 0, (struct sockaddr *)&from, from_len);
	sendto(server.udp, server.sent, server.sent_len, 0, (struct sockaddr *)&from, from_len);
}

/* The next query of a connection; 0 where it has ended. */
static size_t read_frame(int fd, uint8_t query[NAMESERVER_QUERY_MAX])
{
	uint8_t prefix[2];
	size_t len;

	if (recv(fd, prefix, 2, MSG_WAITALL) != 2)
		return 0;
	len = (size_t)(prefix[0] << 8 | prefix[1]);
	if (len > NAMESERVER_QUERY_MAX || recv(fd, query, len, MSG_WAITALL) != (ssize_t)len)
		return 0;
	return len;
}

/* In two pieces that come one by one, the first of them half the length. */
static void send_frame(int fd)
{
	uint8_t frame[NAMESERVER_MESSAGE_MAX + 2] = {(uint8_t)(server.sent_len >> 8),
						     (uint8_t)server.sent_len};

	memcpy(frame + 2, server.sent, server.sent_len);
	send(fd, frame, 1, MSG_NOSIGNAL);
	poll(NULL, 0, 2);
	send(fd, frame + 1, server.sent_len + 1, MSG_NOSIGNAL);
}

/*
 * One connection, until the other end closes it: these tests need no more at a time. A test
 * that fails leaves its own open: hence the time limit.
 */
static void serve_tcp(void)
{
	const struct timeval limit = {.tv_sec = 1};
	int fd = accept(server.tcp, NULL, NULL);
	uint8_t query[NAMESERVER_QUERY_MAX];
	size_t len;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	server.connections++;
	while ((len = read_frame(fd, query)) > 13)
		if (make_reply(query, len, true))
			send_frame(fd);
	close(fd);
}

static void *serve(void *unused)
{
	struct pollfd fds[2] = {{.fd = server.udp, .events = POLLIN},
				{.fd = server.tcp, .events = POLLIN}};

	while (!atomic_load(&server.stop)) {
		poll(fds, 2, 20);
		if (fds[0].revents != 0)
			serve_udp();
		if (fds[1].revents != 0)
			serve_tcp();
	}
	return unused;
}

int nameserver_bind(int type, uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	close(fd);
	return -1;
}

uint16_t nameserver_port(int fd)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);

	return getsockname(fd, (struct sockaddr *)&at, &len) == 0 ? ntohs(at.sin_port) : 0;
}

int nameserver_start(void **state)
{
	(void)state;
	do { /* a UDP port whose TCP twin is free too */
		server.udp = nameserver_bind(SOCK_DGRAM, 0);
		server.port = nameserver_port(server.udp);
		server.tcp = nameserver_bind(SOCK_STREAM, server.port);
		if (server.tcp < 0)
			close(server.udp);
	} while (server.tcp < 0);
	if (listen(server.tcp, 8) != 0)
		return -1;
	return pthread_create(&server.thread, NULL, serve, NULL);
}

int nameserver_stop(void **state)
{
	(void)state;
	atomic_store(&server.stop, true);
	pthread_join(server.thread, NULL);
	close(server.udp);
	return close(server.tcp);
}
