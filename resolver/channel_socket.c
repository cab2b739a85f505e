/* SPDX-License-Identifier: MIT */
#include "resolver/channel_socket.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 64
/* More than EDNS lets a server send (1232). */
#define DATAGRAM_MAX 4096
/* Replies to a full window come in one burst: 4000 of them at about 1 kB of kernel memory. */
#define RECEIVE_BUFFER (4 << 20)

#define PREFIX_SIZE 2 /* a message's length, before it, over TCP (RFC 1035, 4.2.2) */
#define FRAME_SIZE  (PREFIX_SIZE + UINT16_MAX)

struct channel_socket {
	struct flight *flight; /* borrowed: the channel's */
	bool over_tcp;
	int fd;    /* -1: none is open */
	int error; /* errno of a send that failed for good; given to the next receive */
	unsigned sent;
	struct sockaddr_storage peer; /* connected to: the only source there can be */
	socklen_t peer_len;

	unsigned waiting;   /* datagrams to be sent */
	unsigned received;  /* datagrams that the last recvmmsg brought */
	unsigned looked_at; /* of these */
	size_t frame_got;   /* octets of the frame that is being read */

	uint8_t reply[PREFIX_SIZE + TICKET_SIZE]; /* for c-ares, which reads it in pieces */
	size_t reply_at;                          /* what of it was read; its size: all */
	bool gave;

	struct mmsghdr out[BATCH];
	struct iovec out_parts[BATCH];
	uint8_t out_bytes[BATCH][QUERY_SIZE];
	struct mmsghdr in[BATCH];
	struct iovec in_parts[BATCH];
	union {
		uint8_t in_bytes[BATCH][DATAGRAM_MAX];
		uint8_t frame[FRAME_SIZE];
	};
};

struct channel_socket *channel_socket_new(bool over_tcp, struct flight *flight,
					  struct error *err)
{
	/* malloc: pages of a batch that is never that full are never touched. */
	struct channel_socket *s = malloc(sizeof(*s));

	if (s == NULL) {
		error_set(err, FT_FAIL, "no memory for a channel's socket");
		return NULL;
	}
	memset(s, 0, offsetof(struct channel_socket, out));
	s->flight = flight;
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
	s->looked_at = 0;
	s->frame_got = 0;
	s->reply_at = sizeof(s->reply);
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

	s->looked_at = 0;
	s->received = count > 0 ? (unsigned)count : 0;
	return s->received > 0;
}

/* The next datagram; -1 with errno set where there is none. */
static int next_datagram(struct channel_socket *s, const uint8_t **msg, size_t *len)
{
	if (s->error != 0) {
		errno = s->error;
		return -1;
	}
	if (s->looked_at == s->received) {
		bool was_short = s->received > 0 && s->received < BATCH;

		s->looked_at = s->received = 0;
		/* A short batch emptied the socket: spare the call that says so. */
		if (was_short) {
			errno = EAGAIN;
			return -1;
		}
		if (!fetch(s))
			return -1;
	}
	*msg = s->in_bytes[s->looked_at];
	*len = s->in[s->looked_at++].msg_len;
	return 1;
}

/* Octets of the frame that is being read, as far as is known: first those of its prefix. */
static size_t frame_size(const struct channel_socket *s)
{
	if (s->frame_got < PREFIX_SIZE)
		return PREFIX_SIZE;
	return PREFIX_SIZE + (size_t)(s->frame[0] << 8 | s->frame[1]);
}

/* The next message of the stream; 0 at its end, -1 with errno set where none is whole. */
static int next_frame(struct channel_socket *s, const uint8_t **msg, size_t *len)
{
	if (s->frame_got == frame_size(s))
		s->frame_got = 0;
	while (s->frame_got < frame_size(s)) {
		ssize_t count =
			recv(s->fd, s->frame + s->frame_got, frame_size(s) - s->frame_got, 0);

		if (count <= 0)
			return (int)count;
		s->frame_got += (size_t)count;
	}
	*msg = s->frame + PREFIX_SIZE;
	*len = s->frame_got - PREFIX_SIZE;
	return 1;
}

/* Looks for the next reply to a question in flight; returns as next_frame() does. */
static int next_reply(struct channel_socket *s)
{
	struct asking *asking = NULL;
	const uint8_t *msg = NULL;
	size_t len = 0;

	while (asking == NULL) {
		int status =
			s->over_tcp ? next_frame(s, &msg, &len) : next_datagram(s, &msg, &len);

		if (status <= 0)
			return status;
		asking = flight_match(s->flight, msg, len);
	}
	asking->msg = msg;
	asking->msg_len = len;
	s->reply[0] = 0;
	s->reply[1] = TICKET_SIZE;
	ticket_stamp(s->reply + PREFIX_SIZE, asking);
	s->reply_at = s->over_tcp ? 0 : PREFIX_SIZE;
	return 1;
}

ssize_t channel_socket_receive(int fd, void *out, size_t size, int flags, struct sockaddr *from,
			       socklen_t *from_len, void *ctx)
{
	struct channel_socket *s = ctx;
	int status = s->reply_at < sizeof(s->reply) ? 1 : next_reply(s);

	(void)fd;
	(void)flags;
	s->gave = status > 0;
	if (!s->gave)
		return status;
	if (size > sizeof(s->reply) - s->reply_at)
		size = sizeof(s->reply) - s->reply_at;
	memcpy(out, s->reply + s->reply_at, size);
	s->reply_at += size;
	if (from != NULL && *from_len >= s->peer_len) {
		memcpy(from, &s->peer, s->peer_len);
		*from_len = s->peer_len;
	}
	return (ssize_t)size;
}

static bool put_datagram(struct channel_socket *s, const struct asking *asking)
{
	if (s->waiting == BATCH && (!channel_socket_flush(s) || s->waiting == BATCH)) {
		errno = s->error != 0 ? s->error : EAGAIN;
		return false;
	}
	memcpy(s->out_bytes[s->waiting], asking->query, asking->query_len);
	s->out_parts[s->waiting++].iov_len = asking->query_len;
	s->sent++;
	return true;
}

/* After half a query nothing else could be sent: a failure. So small a one is hardly cut. */
static bool send_frame(const struct channel_socket *s, struct asking *asking)
{
	uint8_t prefix[PREFIX_SIZE] = {(uint8_t)(asking->query_len >> 8),
				       (uint8_t)asking->query_len};
	struct iovec parts[2] = {{prefix, PREFIX_SIZE}, {asking->query, asking->query_len}};
	struct msghdr msg = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t count = sendmsg(s->fd, &msg, MSG_NOSIGNAL);

	if (count < 0 || (size_t)count == PREFIX_SIZE + asking->query_len)
		return count >= 0;
	errno = EPIPE;
	return false;
}

/* One ticket a call: c-ares comes back with those that it has left, as with a full socket. */
ssize_t channel_socket_send(int fd, const struct iovec *parts, int count, void *ctx)
{
	struct channel_socket *s = ctx;
	size_t prefix = s->over_tcp ? PREFIX_SIZE : 0;
	const uint8_t *ticket = parts[0].iov_base;
	struct asking *asking;

	(void)fd;
	(void)count;
	assert(parts[0].iov_len >= prefix + TICKET_SIZE);
	asking = flight_redeem(s->flight, ticket + prefix);
	/* NULL: its time was up before it could be sent. */
	if (asking != NULL && !(s->over_tcp ? send_frame(s, asking) : put_datagram(s, asking)))
		return -1;
	return (ssize_t)(prefix + TICKET_SIZE);
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

bool channel_socket_gave(struct channel_socket *s)
{
	bool gave = s->gave;

	s->gave = false;
	return gave;
}

unsigned channel_socket_sent(const struct channel_socket *s)
{
	return s->sent;
}
