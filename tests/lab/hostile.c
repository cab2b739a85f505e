/* SPDX-License-Identifier: MIT */
/*
 * hostile ADDRESS PORT [udp]: a DNS server that does what real ones won't, for the lab and for
 * direct tests of the collector. It answers over UDP and TCP, in one thread, until it is
 * killed; with "udp" it opens no TCP port, so that connections are refused. A connection serves
 * one question after the other (RFC 7766, 6.2.1.1), as unbound expects. What it answers is
 * hostile_answer.c's.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/hostile_answer.h"

#define CLIENTS_MAX 64

struct client {
	uint8_t in[2 + QUERY_MAX];
	size_t used;
};

/* The length before a message over TCP (RFC 1035, 4.2.2). */
static size_t get_length(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

static void serve_udp(int fd)
{
	static struct reply reply;
	struct query query = {.is_tcp = false};
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t len = recvfrom(fd, query.msg, sizeof(query.msg), 0, (struct sockaddr *)&from,
			       &from_len);

	if (len < 0)
		return;
	query.len = (size_t)len;
	hostile_answer(&query, &reply);
	if (reply.len > 0)
		sendto(fd, reply.msg, reply.len, 0, (struct sockaddr *)&from, from_len);
}

/* Answers the query that is whole now. False, and so the connection's end: nothing to say. */
static bool answer_client(int fd, const struct client *client)
{
	static struct reply reply;
	struct query query = {.is_tcp = true, .len = get_length(client->in)};
	uint8_t len[2];

	memcpy(query.msg, client->in + 2, query.len);
	hostile_answer(&query, &reply);
	if (reply.len == 0)
		return false;
	len[0] = (uint8_t)(reply.len >> 8);
	len[1] = (uint8_t)reply.len;
	return send(fd, len, 2, MSG_NOSIGNAL | MSG_MORE) == 2 &&
	       send(fd, reply.msg, reply.len, MSG_NOSIGNAL) == (ssize_t)reply.len;
}

/* Reads what is there, of one question at most. False: the connection is over. */
static bool serve_client(int fd, struct client *client)
{
	size_t want = client->used < 2 ? 2 : 2 + get_length(client->in);
	ssize_t len;

	if (want > sizeof(client->in))
		return false;
	len = recv(fd, client->in + client->used, want - client->used, 0);
	if (len <= 0)
		return len < 0 && errno == EINTR;
	client->used += (size_t)len;
	if (client->used < 2 || client->used < 2 + get_length(client->in))
		return true;
	client->used = 0;
	return answer_client(fd, client);
}

static int open_socket(const struct sockaddr_in *address, int type)
{
	int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 ||
	    (type == SOCK_STREAM && listen(fd, CLIENTS_MAX) != 0)) {
		perror("hostile: cannot listen");
		exit(1);
	}
	return fd;
}

/* A listener below 0, for none, is one that poll skips. */
static void serve(int udp, int listener)
{
	static struct client clients[CLIENTS_MAX];
	struct pollfd fds[2 + CLIENTS_MAX] = {{udp, POLLIN, 0}, {listener, POLLIN, 0}};
	nfds_t count = 2;

	for (;;) {
		/* a full house leaves further connections in the backlog */
		fds[1].events = count < 2 + CLIENTS_MAX ? POLLIN : 0;
		if (poll(fds, count, -1) < 0)
			continue;
		if (fds[0].revents != 0)
			serve_udp(udp);
		for (nfds_t i = count - 1; i >= 2; i--) {
			if (fds[i].revents == 0 || serve_client(fds[i].fd, &clients[i - 2]))
				continue;
			close(fds[i].fd);
			count--;
			fds[i] = fds[count];
			clients[i - 2] = clients[count - 2];
		}
		if (fds[1].revents != 0) {
			fds[count] = (struct pollfd){accept(listener, NULL, NULL), POLLIN, 0};
			clients[count - 2].used = 0;
			count += fds[count].fd >= 0;
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	char *end = NULL;
	bool is_udp_only = argc == 4 && strcmp(argv[3], "udp") == 0;
	unsigned long port = argc == 3 || is_udp_only ? strtoul(argv[2], &end, 10) : 0;

	if (port == 0 || port > 65535 || *end != '\0' ||
	    inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
		fputs("usage: hostile ADDRESS PORT [udp]\n", stderr);
		return 2;
	}
	address.sin_port = htons((uint16_t)port);
	serve(open_socket(&address, SOCK_DGRAM),
	      is_udp_only ? -1 : open_socket(&address, SOCK_STREAM));
}
