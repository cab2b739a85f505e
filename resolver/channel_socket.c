/* SPDX-License-Identifier: MIT */
#include "resolver/channel_socket.h"
#include "resolver/query.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 64
/* More than EDNS lets a server send (1232); c-ares reads no more than 4097 itself. */
#define DATAGRAM_MAX 4096
/* Replies to a full window come in one burst: 4000 of them at about 1 kB of kernel memory. */
#define RECEIVE_BUFFER (4 << 20)

struct channel_socket {
	bool over_tcp;
	int fd;    /* -1: none is open */
	int error; /* errno of a send that failed for good; given to the next receive */
	unsigned sent;
	struct sockaddr_storage peer; /* connected to: the only source there can be */
	socklen_t peer_len;

	unsigned waiting;  /* datagrams to be sent */
	unsigned received; /* datagrams that the last recvmmsg brought */
	unsigned given;    /* of these, given to c-ares */

	struct mmsghdr out[BATCH];
	struct iovec out_parts[BATCH];
	uint8_t out_bytes[BATCH][QUERY_SIZE];
	struct mmsghdr in[BATCH];
	struct iovec in_parts[BATCH];
	uint8_t in_bytes[BATCH][DATAGRAM_MAX];
};

struct channel_socket *channel_socket_new(bool over_tcp, struct error *err)
{
	/* malloc: pages of a batch that is never that full are never touched. */
	struct channel_socket *s = malloc(sizeof(*s));

	if (s == NULL) {
		error_set(err, FT_FAIL, "no memory for a channel's socket");
		return NULL;
	}
	memset(s, 0, offsetof(struct channel_socket, out));
	s->over_tcp = over_tcp;
	s->fd = -1;
	for (size_t i = 0; i < BATCH; i++) {
		s->out_parts[i].iov_base = s->out_bytes[i];
		s->in_parts[i] = (struct iovec){s->in_bytes[i], DATAGRAM_MAX};
		s->out[i] = (struct mmsghdr){
			.msg_hdr = {.msg_iov = &s->out_parts[i], .msg_iovlen = 1}};
		s->in[i] = (struct mmsghdr){
			.msg_hdr = {.msg_iov = &s->in_parts[i], .msg_iovlen = 1}};
	}
	return s;
}

void channel_socket_free(struct channel_socket *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

/* Options that help where they can be had; without them all works, only slower. */
static void tune(int fd, bool over_tcp)
{
	int one = 1;
	int size = RECEIVE_BUFFER;

	if (over_tcp)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	else if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

int channel_socket_open(int family, int type, int protocol, void *ctx)
{
	struct channel_socket *s = ctx;

	s->fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (s->fd >= 0)
		tune(s->fd, s->over_tcp);
	s->error = 0;
	s->sent = 0;
	s->waiting = 0;
	s->received = 0;
	s->given = 0;
	return s->fd;
}

int channel_socket_close(int fd, void *ctx)
{
	struct channel_socket *s = ctx;

	s->fd = -1;
	s->error = 0;
	s->waiting = 0;
	return close(fd);
}

int channel_socket_connect(int fd, const struct sockaddr *to, socklen_t len, void *ctx)
{
	struct channel_socket *s = ctx;

	memcpy(&s->peer, to, len);
	s->peer_len = len;
	return connect(fd, to, len);
}

/* Fetches the next batch; false with errno set where there is none. */
static bool fetch(struct channel_socket *s)
{
	int count = recvmmsg(s->fd, s->in, BATCH, 0, NULL);

	s->given = 0;
	s->received = count > 0 ? (unsigned)count : 0;
	return s->received > 0;
}

/* The next datagram's place in the batch, or -1 with errno set. */
static int next_datagram(struct channel_socket *s)
{
	if (s->error != 0) {
		errno = s->error;
		return -1;
	}
	if (s->given == s->received) {
		bool was_short = s->received > 0 && s->received < BATCH;

		s->given = s->received = 0;
		/* A short batch emptied the socket: spare the call that says so. */
		if (was_short) {
			errno = EAGAIN;
			return -1;
		}
		if (!fetch(s))
			return -1;
	}
	return (int)s->given++;
}

ssize_t channel_socket_receive(int fd, void *out, size_t size, int flags, struct sockaddr *from,
			       socklen_t *from_len, void *ctx)
{
	struct channel_socket *s = ctx;
	size_t len;
	int at;

	if (s->over_tcp)
		return recv(fd, out, size, flags);
	at = next_datagram(s);
	if (at < 0)
		return -1;
	len = s->in[at].msg_len < size ? s->in[at].msg_len : size;
	memcpy(out, s->in_bytes[at], len);
	if (from != NULL && *from_len >= s->peer_len) {
		memcpy(from, &s->peer, s->peer_len);
		*from_len = s->peer_len;
	}
	return (ssize_t)len;
}

static ssize_t send_tcp(int fd, const struct iovec *parts, int count)
{
	struct msghdr msg = {.msg_iov = (struct iovec *)(uintptr_t)parts,
			     .msg_iovlen = (size_t)count};

	return sendmsg(fd, &msg, MSG_NOSIGNAL);
}

ssize_t channel_socket_send(int fd, const struct iovec *parts, int count, void *ctx)
{
	struct channel_socket *s = ctx;
	size_t len = 0;

	if (s->over_tcp)
		return send_tcp(fd, parts, count);
	if (s->waiting == BATCH && (!channel_socket_flush(s) || s->waiting == BATCH)) {
		errno = ENOBUFS;
		return -1;
	}
	for (int i = 0; i < count; i++) {
		if (parts[i].iov_len > QUERY_SIZE - len) {
			errno = EMSGSIZE;
			return -1;
		}
		memcpy(s->out_bytes[s->waiting] + len, parts[i].iov_base, parts[i].iov_len);
		len += parts[i].iov_len;
	}
	s->out_parts[s->waiting++].iov_len = len;
	s->sent++;
	return (ssize_t)len;
}

/* Moves what the kernel did not take to the front. */
static void keep_unsent(struct channel_socket *s, unsigned sent)
{
	for (unsigned i = sent; i < s->waiting; i++) {
		size_t len = s->out_parts[i].iov_len;

		memcpy(s->out_bytes[i - sent], s->out_bytes[i], len);
		s->out_parts[i - sent].iov_len = len;
	}
	s->waiting -= sent;
}

bool channel_socket_flush(struct channel_socket *s)
{
	while (s->waiting > 0 && s->error == 0) {
		int count = sendmmsg(s->fd, s->out, s->waiting, MSG_NOSIGNAL);

		if (count > 0)
			keep_unsent(s, (unsigned)count);
		else if (errno == EAGAIN || errno == ENOBUFS)
			break; /* later, with the next flush */
		else if (errno != EINTR)
			s->error = errno;
	}
	return s->error == 0;
}

int channel_socket_fd(const struct channel_socket *s)
{
	return s->fd;
}

const uint8_t *channel_socket_datagram(const struct channel_socket *s, size_t *len)
{
	if (s->over_tcp || s->given == 0)
		return NULL;
	*len = s->in[s->given - 1].msg_len;
	return s->in_bytes[s->given - 1];
}

unsigned channel_socket_sent(const struct channel_socket *s)
{
	return s->sent;
}
