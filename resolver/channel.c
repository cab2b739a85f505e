/* SPDX-License-Identifier: MIT */
/*
 * The adapter to c-ares, which opens and closes the sockets, says what to wait for and when the
 * time is up. It sees neither our queries nor their replies, but tickets for them (flight.h).
 * They come back as failures: without NOCHECKRESP it would ask again.
 */
#include "resolver/channel.h"
#include "resolver/channel_socket.h"
#include "resolver/flight.h"

/* 1.34 deprecates what 1.18 has no other form of. */
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <stdlib.h>
#include <time.h>

#define TIMEOUTS_MS 50 /* c-ares walks what is in flight to find time-outs: not each turn */
#define WORN_AFTER  20 /* questions from one source port to a server that is not ours */

struct channel {
	struct loop *loop; /* borrowed from the caller for life */
	struct channel_options options;
	ares_channel ares;             /* owned */
	struct channel_socket *socket; /* owned */
	struct watch *watch;           /* owned; NULL while no socket is open */
	bool is_deaf;                  /* the socket could not be watched */
	int64_t looked_ms;             /* when time-outs were looked for last */
	struct flight flight;
};

static const struct ares_socket_functions SOCKET_FUNCTIONS = {
	.asocket = channel_socket_open,
	.aclose = channel_socket_close,
	.aconnect = channel_socket_connect,
	.arecvfrom = channel_socket_receive,
	.asendv = channel_socket_send,
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void socket_ready(void *ctx, bool readable, bool writable)
{
	struct channel *channel = ctx;
	int fd = channel_socket_fd(channel->socket);

	ares_process_fd(channel->ares, readable ? fd : ARES_SOCKET_BAD,
			writable ? fd : ARES_SOCKET_BAD);
	/* c-ares may read but once, and of what has left the kernel no event tells. */
	while (channel_socket_gave(channel->socket))
		ares_process_fd(channel->ares, channel_socket_fd(channel->socket),
				ARES_SOCKET_BAD);
}

/* c-ares tells what it waits for; nothing at all is said before the socket is closed. */
static void socket_state(void *ctx, ares_socket_t fd, int readable, int writable)
{
	struct channel *channel = ctx;
	struct error err;

	if (!readable && !writable) {
		if (channel->watch != NULL)
			watch_end(channel->watch);
		channel->watch = NULL;
		return;
	}
	if (channel->watch == NULL)
		channel->watch = loop_watch(channel->loop, fd, socket_ready, channel, &err);
	channel->is_deaf = channel->watch == NULL;
	if (channel->watch != NULL)
		watch_set(channel->watch, readable != 0, writable != 0);
}

/* Everything is given, so that neither resolv.conf nor LOCALDOMAIN nor RES_OPTIONS counts. */
static int init_ares(struct channel *channel)
{
	struct ares_options options = {
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
		.timeout = channel->options.timeout_ms,
		.tries = 1,
		.ndots = 1,
		.lookups = (char[]){"b"},
		.sock_state_cb = socket_state,
		.sock_state_cb_data = channel,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
		   ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB | ARES_OPT_SERVERS |
		   ARES_OPT_DOMAINS | ARES_OPT_SORTLIST | ARES_OPT_NOROTATE;

	/* An idle TCP connection is better closed by us than found dead by a question. */
	options.flags |= channel->options.over_tcp ? ARES_FLAG_USEVC : ARES_FLAG_STAYOPEN;
#ifdef ARES_OPT_QUERY_CACHE
	mask |= ARES_OPT_QUERY_CACHE; /* 1.31 and later answer from a cache unless it is 0 */
	options.qcache_max_ttl = 0;
#endif
	return ares_init_options(&channel->ares, &options, mask);
}

static int start_ares(struct channel *channel, struct error *err)
{
	char server[SERVER_ADDRESS_TEXT_SIZE];
	int status;

	server_address_to_text(server, &channel->options.server);
	status = init_ares(channel);
	if (status == ARES_SUCCESS) {
		ares_set_socket_functions(channel->ares, &SOCKET_FUNCTIONS, channel->socket);
		status = ares_set_servers_ports_csv(channel->ares, server);
	}
	if (status == ARES_SUCCESS)
		return FT_OK;
	return error_set(err, FT_FAIL, "cannot make a channel to %s: %s", server,
			 ares_strerror(status));
}

struct channel *channel_new(struct loop *loop, const struct channel_options *options,
			    struct error *err)
{
	struct channel *channel = calloc(1, sizeof(*channel));

	if (channel == NULL) {
		error_set(err, FT_FAIL, "no memory for a channel");
		return NULL;
	}
	channel->loop = loop;
	channel->options = *options;
	channel->looked_ms = now_ms();
	channel->socket = channel_socket_new(options->over_tcp, &channel->flight, err);
	if (channel->socket != NULL && start_ares(channel, err) == FT_OK)
		return channel;
	channel_free(channel);
	return NULL;
}

void channel_free(struct channel *channel)
{
	if (channel->ares != NULL)
		ares_destroy(channel->ares);
	flight_fini(&channel->flight);
	if (channel->socket != NULL)
		channel_socket_free(channel->socket);
	free(channel);
}

static void answered(void *arg, int status, int timeouts, unsigned char *ticket, int len)
{
	struct asking *asking = arg;
	channel_done done = asking->done;
	void *ctx = asking->ctx;
	const uint8_t *msg = asking->msg;
	size_t msg_len = asking->msg_len;

	(void)timeouts;
	(void)ticket;
	(void)len;
	flight_put(&asking->channel->flight, asking);
	if (status == ARES_SUCCESS)
		done(ctx, CHANNEL_MESSAGE, msg, msg_len);
	else
		done(ctx, status == ARES_ETIMEOUT ? CHANNEL_TIMEOUT : CHANNEL_FAULT, NULL, 0);
}

void channel_ask(struct channel *channel, const uint8_t *qname, uint16_t qtype,
		 channel_done done, void *ctx)
{
	struct asking *asking = flight_take(&channel->flight, qname, qtype);

	if (asking == NULL) {
		done(ctx, CHANNEL_FAULT, NULL, 0);
		return;
	}
	asking->channel = channel;
	asking->done = done;
	asking->ctx = ctx;
	ares_send(channel->ares, asking->ticket, TICKET_SIZE, answered, asking);
}

void channel_turn(struct channel *channel)
{
	int64_t now = now_ms();

	if (!channel_socket_flush(channel->socket))
		ares_process_fd(channel->ares, channel_socket_fd(channel->socket),
				ARES_SOCKET_BAD);
	if (now - channel->looked_ms < TIMEOUTS_MS)
		return;
	channel->looked_ms = now;
	ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* Guessing an id and a port must not get easier with time; on loopback nobody guesses. */
static bool is_loopback(const struct address *ip)
{
	static const struct address LOOPBACK6 = {.family = 6, .bytes = {[15] = 1}};

	return ip->family == 4 ? ip->bytes[0] == 127 : address_equal(ip, &LOOPBACK6);
}

bool channel_is_worn(const struct channel *channel)
{
	if (channel->is_deaf)
		return true;
	return !is_loopback(&channel->options.server.ip) &&
	       channel_socket_sent(channel->socket) >= WORN_AFTER;
}
