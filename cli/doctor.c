/* SPDX-License-Identifier: MIT */
/*
 * doctor: checks what fluxtrack depends on, a line each, and says how to mend what is wrong. It
 * makes the home and starts the private database as track would, and asks each resolver for
 * the root's nameservers; nothing else leaves the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/timefmt.h"
#include "cli/command.h"
#include "cli/home.h"
#include "cli/open.h"
#include "cli/values.h"
#include "resolver/query.h"
#include "store/pattern.h"

#define TOLD_SIZE     320
#define FREE_MIN      (UINT64_C(1) << 30) /* bytes: a day of a busy collector */
#define MIB           (UINT64_C(1) << 20)
#define ANSWER_WAIT_S 2
#define PROBE_ID      0x4658 /* need not be secret: nothing of the answer is used */

static struct server_list resolvers;

static const struct option_row options[] = {
	{"Options", "resolver", 0, "ADDR[:PORT]",
	 "server to check, repeatable (default: the system's)", read_server, &resolvers},
	{0},
};

static int check_home(const struct context *context, char *told, struct error *err)
{
	if (home_make(context->home, err) != FT_OK)
		return err->code;
	snprintf(told, TOLD_SIZE, "%.250s can be written to", context->home);
	return FT_OK;
}

static int check_disk(const struct context *context, char *told, struct error *err)
{
	struct statvfs fs;
	uint64_t bytes;

	if (statvfs(context->home, &fs) != 0)
		return error_set(err, FT_FAIL, "cannot tell the free space at %s: %s",
				 context->home, strerror(errno));
	bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (bytes < FREE_MIN)
		return error_set(err, FT_FAIL,
				 "%llu MiB free at %s: make room, or move the home",
				 (unsigned long long)(bytes / MIB), context->home);
	snprintf(told, TOLD_SIZE, "%llu MiB free", (unsigned long long)(bytes / MIB));
	return FT_OK;
}

static int check_database(const struct context *context, char *told, struct error *err)
{
	char version[80] = "";
	struct db db;
	int result;

	if (database_open(context, &db, err) != FT_OK)
		return err->code;
	result = db_value(&db, "SHOW server_version", 0, NULL, version, sizeof(version), err);
	snprintf(told, TOLD_SIZE, "PostgreSQL %s answers%s", version,
		 database_is_private(context) ? ", the home's own" : "");
	db_close(&db);
	return result;
}

/* A record is evidence only with the right time on it. */
static int check_clock(const struct context *context, char *told, struct error *err)
{
	struct timex state = {0};
	char now[TIME_TEXT_SIZE];
	int64_t earliest_us;
	int kept; /* negative where a sandbox does not let us ask */

	(void)context;
	time_format(now, clock_wall_us(&clock_system));
	if (time_parse("2024-01-01", &earliest_us, err) != FT_OK)
		return err->code;
	if (clock_wall_us(&clock_system) < earliest_us)
		return error_set(err, FT_FAIL, "it says %s: set it, and install chrony", now);
	kept = adjtimex(&state);
	snprintf(told, TOLD_SIZE, "%s%s", now,
		 kept >= 0 && kept != TIME_ERROR
			 ? ", synchronised"
			 : ", not known to be synchronised: chrony would do that");
	return FT_OK;
}

/* c-ares takes its query ids from rand() without a word where this cannot be read. */
static int check_random(const struct context *context, char *told, struct error *err)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	char byte;
	ssize_t got = fd >= 0 ? read(fd, &byte, 1) : -1;

	(void)context;
	if (fd >= 0)
		close(fd);
	if (got != 1)
		return error_set(err, FT_FAIL,
				 "/dev/urandom cannot be read: let the sandbox have it");
	snprintf(told, TOLD_SIZE, "/dev/urandom can be read");
	return FT_OK;
}

/* Which fixes Debian put into 10.42 its version does not tell. */
static int check_patterns(const struct context *context, char *told, struct error *err)
{
	char version[PATTERN_VERSION_SIZE];

	(void)context;
	if (!pattern_version_is_good(version))
		return error_set(err, FT_FAIL,
				 "PCRE2 %s is too old: install libpcre2-8-0 10.42 or newer",
				 version);
	snprintf(told, TOLD_SIZE, "PCRE2 %s%s", version,
		 strncmp(version, "10.42 ", 6) == 0
			 ? "; Debian 12's must be 10.42-1+deb12u2 or newer"
			 : "");
	return FT_OK;
}

static int connect_to(const struct server_address *server, struct error *err)
{
	const struct timeval wait = {.tv_sec = ANSWER_WAIT_S};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(server->port)};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(server->port)};
	bool is_v4 = server->ip.family == 4;
	const struct sockaddr *to = is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
	int fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&v4.sin_addr, server->ip.bytes, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, server->ip.bytes, sizeof(v6.sin6_addr));
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) == 0 &&
	    connect(fd, to, is_v4 ? sizeof(v4) : sizeof(v6)) == 0)
		return fd;
	error_set(err, FT_FAIL, "cannot be asked: %s; is the network up", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What the server said to ". NS": its rcode, or -1 where it said nothing. */
static int ask_root(int fd)
{
	const uint8_t root[] = {0};
	uint8_t msg[QUERY_SIZE];
	size_t len = query_build(msg, PROBE_ID, root, QTYPE_NS);
	ssize_t got;

	if (send(fd, msg, len, 0) < 0)
		return -1;
	got = recv(fd, msg, sizeof(msg), 0);
	if (got < 12 || msg[0] != PROBE_ID >> 8 || msg[1] != (PROBE_ID & 0xff))
		return -1;
	return msg[3] & 0x0f;
}

static int check_resolver(const struct server_address *server, char *told, struct error *err)
{
	char name[SERVER_ADDRESS_TEXT_SIZE];
	int fd = connect_to(server, err);
	int rcode;

	server_address_to_text(name, server);
	if (fd < 0)
		return error_prefix(err, "%s", name);
	rcode = ask_root(fd);
	close(fd);
	if (rcode < 0)
		return error_set(
			err, FT_FAIL,
			"%s does not answer: start it, or name another with --resolver", name);
	if (rcode != 0)
		return error_set(err, FT_FAIL,
				 "%s does not resolve for us (rcode %d): name another with "
				 "--resolver",
				 name, rcode);
	snprintf(told, TOLD_SIZE, "%s answers", name);
	return FT_OK;
}

static const struct {
	const char *name;
	int (*run)(const struct context *context, char *told, struct error *err);
} checks[] = {
	{"home", check_home},   {"disk", check_disk},     {"database", check_database},
	{"clock", check_clock}, {"random", check_random}, {"patterns", check_patterns},
};

/* Prints the line of one check; returns 1 where there is a problem. */
static int tell(const char *name, const char *told, const struct error *err)
{
	bool is_ok = err->code == FT_OK;

	printf("%-8s %-9s %s\n", is_ok ? "ok" : "problem", name, is_ok ? told : err->text);
	fflush(stdout);
	return is_ok ? 0 : 1;
}

static int doctor_resolvers(void)
{
	struct error err = {0};
	char told[TOLD_SIZE];
	int problems = 0;

	if (resolvers.count == 0)
		resolvers.count =
			resolver_system_servers(resolvers.servers, RESOLVER_SERVERS_MAX, &err);
	if (resolvers.count == 0)
		problems += tell("resolver", "", &err);
	for (size_t i = 0; i < resolvers.count; i++) {
		err = (struct error){0};
		check_resolver(&resolvers.servers[i], told, &err);
		problems += tell("resolver", told, &err);
	}
	return problems;
}

static int doctor_run(const struct context *context, struct error *err)
{
	char told[TOLD_SIZE];
	int problems = 0;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct error wrong = {0};

		checks[i].run(context, told, &wrong);
		problems += tell(checks[i].name, told, &wrong);
	}
	problems += doctor_resolvers();
	if (problems == 0)
		return FT_OK;
	return error_set(err, FT_FAIL, "%d problem%s to mend", problems,
			 problems == 1 ? "" : "s");
}

static const char details[] =
	"A line a check, ok or problem, on stdout. Exits 1 where there is a problem.\n"
	"Makes the home and starts the private database, as track would.\n";

const struct command command_doctor = {
	.name = "doctor",
	.usage = "[--resolver ADDR[:PORT]]...",
	.summary = "check all it depends on, and say how to mend what is wrong",
	.details = details,
	.options = options,
	.run = doctor_run,
};
