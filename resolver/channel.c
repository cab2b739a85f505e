/* SPDX-License-Identifier: MIT */
/*
 * The adapter to c-ares. We build the queries and read the replies; c-ares matches them by id
 * and question, and times out. Its flags and functions are chosen so that the reply's bytes
 * reach us as they came:
 *
 * - NOCHECKRESP: else SERVFAIL and REFUSED end as a refused connection, without the message;
 * - IGNTC: else a truncated reply is thrown away for TCP;
 * - no EDNS flag: with it one FORMERR would take the OPT record out of every later query.
 *   Without it c-ares cuts UDP replies at 512 octets, so they are read from the socket's batch.
 */
#include "resolver/channel.h"
#include "resolver/channel_socket.h"
#include "resolver/query.h"

/* 1.34 deprecates what 1.18 has no other form of. */
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define IDS         64
#define TIMEOUTS_MS 50 /* c-ares walks what is in flight to find time-outs: not each turn */
#define WORN_AFTER  20 /* questions from one source port to a server that is not ours */

/* One question in flight, or one place for it in the free list. */
struct asking {
	struct channel *channel; /* borrowed: its owner */
	channel_done done;
	void *ctx;           /* the asker's */
	struct asking *next; /* owned, in the free list */
};

struct channel {
	struct loop *loop; /* borrowed from the caller for life */
	struct channel_options options;
	ares_channel ares;             /* owned */
	struct channel_socket *socket; /* owned */
	struct watch *watch;           /* owned; NULL while no socket is open */
	bool is_deaf;                  /* the socket could not be watched */
	int64_t looked_ms;             /* when time-outs were looked for last */
	struct asking *free;           /* owned; as many as were ever in flight at once */
	uint16_t ids[IDS];             /* random, not used yet */
	size_t ids_left;
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
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC | ARES_FLAG_NOSEARCH |
			 ARES_FLAG_NOALIASES,
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

	/* An idle TCP connection is better closed by us than found dead by the next question.
	 */
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
	channel->socket = channel_socket_new(options->over_tcp, err);
	if (channel->socket != NULL && start_ares(channel, err) == FT_OK)
		return channel;
	channel_free(channel);
	return NULL;
}

void channel_free(struct channel *channel)
{
	struct asking *asking;

	if (channel->ares != NULL)
		ares_destroy(channel->ares);
	while ((asking = channel->free) != NULL) {
		channel->free = asking->next;
		free(asking);
	}
	if (channel->socket != NULL)
		channel_socket_free(channel->socket);
	free(channel);
}

static struct asking *take_asking(struct channel *channel)
{
	struct asking *asking = channel->free;

	if (asking == NULL)
		return malloc(sizeof(*asking));
	channel->free = asking->next;
	return asking;
}

/* The kernel's randomness; false where a sandbox forbids it: rather none than a weak id. */
static bool take_id(struct channel *channel, uint16_t *id)
{
	if (channel->ids_left == 0) {
		if (getrandom(channel->ids, sizeof(channel->ids), 0) !=
		    (ssize_t)sizeof(channel->ids))
			return false;
		channel->ids_left = IDS;
	}
	*id = channel->ids[--channel->ids_left];
	return true;
}

/*
 * Where the message lies whole: c-ares cut its copy at 512 octets, if it is that of the
 * datagram that the socket gave last.
 */
static const uint8_t *whole_message(const struct channel *channel, const uint8_t *cut,
				    size_t *len)
{
	size_t whole_len;
	const uint8_t *whole = channel_socket_datagram(channel->socket, &whole_len);

	if (whole == NULL || whole_len < *len || memcmp(whole, cut, *len) != 0)
		return cut;
	*len = whole_len;
	return whole;
}

static void answered(void *arg, int status, int timeouts, unsigned char *msg, int msg_len)
{
	struct asking *asking = arg;
	struct channel *channel = asking->channel;
	channel_done done = asking->done;
	void *ctx = asking->ctx;
	size_t len = msg_len > 0 ? (size_t)msg_len : 0;

	(void)timeouts;
	asking->next = channel->free;
	channel->free = asking;
	if (msg != NULL && len > 0) {
		const uint8_t *whole = whole_message(channel, msg, &len);

		done(ctx, CHANNEL_MESSAGE, whole, len);
	} else if (status == ARES_ETIMEOUT) {
		done(ctx, CHANNEL_TIMEOUT, NULL, 0);
	} else {
		done(ctx, CHANNEL_FAULT, NULL, 0);
	}
}

void channel_ask(struct channel *channel, const uint8_t *qname, uint16_t qtype,
		 channel_done done, void *ctx)
{
	uint8_t query[QUERY_SIZE];
	struct asking *asking = take_asking(channel);
	uint16_t id = 0;

	if (asking == NULL) {
		done(ctx, CHANNEL_FAULT, NULL, 0);
		return;
	}
	*asking = (struct asking){.channel = channel, .done = done, .ctx = ctx};
	if (!take_id(channel, &id)) {
		answered(asking, ARES_ENOTINITIALIZED, 0, NULL, 0);
		return;
	}
	ares_send(channel->ares, query, (int)query_build(query, id, qname, qtype), answered,
		  asking);
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
