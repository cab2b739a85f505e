/* SPDX-License-Identifier: MIT */
/*
 * The socket of one channel, in the shape in which c-ares asks for one (its socket functions).
 * Where c-ares sends a ticket, the query goes out; where a reply comes in, c-ares gets its
 * ticket and the asking the message (flight.h); what fits no question is dropped. Over UDP all
 * is batched: what is sent waits for channel_socket_flush() and leaves by sendmmsg; what is
 * received was fetched by recvmmsg. There is never more than one socket open, as a channel has
 * one server and one transport.
 */
#ifndef RESOLVER_CHANNEL_SOCKET_H
#define RESOLVER_CHANNEL_SOCKET_H

#include "resolver/flight.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

struct channel_socket;

/* The flight is borrowed for life. */
struct channel_socket *channel_socket_new(bool over_tcp, struct flight *flight,
					  struct error *err) MUST_CHECK;
void channel_socket_free(struct channel_socket *socket);

/* The five of struct ares_socket_functions; ctx is the struct channel_socket. */
int channel_socket_open(int family, int type, int protocol, void *ctx);
int channel_socket_close(int fd, void *ctx);
int channel_socket_connect(int fd, const struct sockaddr *to, socklen_t len, void *ctx);
ssize_t channel_socket_receive(int fd, void *out, size_t size, int flags, struct sockaddr *from,
			       socklen_t *from_len, void *ctx);
ssize_t channel_socket_send(int fd, const struct iovec *parts, int count, void *ctx);

/*
 * Sends what waits. False where sending failed for good: the next receive gives the error, so
 * that c-ares learns of it.
 */
bool channel_socket_flush(struct channel_socket *socket);
/* The socket that is open now; -1: none. */
int channel_socket_fd(const struct channel_socket *socket);
/* Did the last receive since the last call give something? Then there may be more. */
bool channel_socket_gave(struct channel_socket *socket);
/* Questions sent through the socket that is open now. */
unsigned channel_socket_sent(const struct channel_socket *socket);

#endif
