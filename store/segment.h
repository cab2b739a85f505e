/* SPDX-License-Identifier: MIT */
/*
 * The segment format: the record of what was seen, and the only way from the collector to the
 * database. A segment file is
 *
 *	"FLUXSEG1"  8 octets
 *	records     one HEADER, then any, at the end one SEAL
 *
 * and a record is
 *
 *	u32 length of the payload | u32 CRC-32 (zlib) of type and payload | u8 type | payload
 *
 * All numbers are big-endian; times are microseconds, wall times between 1970 and 9999. Texts
 * stand behind a u16 length; names delimit themselves. A segment's SHA-256 is that of the whole
 * sealed file, so that sha256sum tells it too; each HEADER names the SHA-256 of its
 * predecessor, which makes the chain. What follows the last whole record of an unsealed file is
 * a torn write, or zeros that were reserved.
 *
 * This file is the codec: bytes to values and back, no files. Decoding trusts nothing: segments
 * come from other machines too. Unknown record types are skipped, for the sake of later
 * writers.
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "base/buf.h"
#include "resolver/lookup.h"
#include "store/sha256.h"

#define SEGMENT_MAGIC       "FLUXSEG1"
#define SEGMENT_MAGIC_LEN   8
#define SEGMENT_FRAME_LEN   9 /* length, CRC and type before the payload */
#define SEGMENT_PAYLOAD_MAX (320 * 1024)
#define SEGMENT_SEAL_LEN    (SEGMENT_FRAME_LEN + 8)
#define UUID_LEN            16
#define VANTAGE_MAX         63
#define TAGS_MAX            1024
#define SOURCE_NAME_MAX     255
#define FETCH_URL_MAX       2048
#define FETCH_HEAD_MAX      (16 * 1024)
#define FETCH_BODY_MAX      (256 * 1024)

enum record_type {
	RECORD_HEADER = 1,
	RECORD_RUN = 2,    /* a run of track began: what and how */
	RECORD_TARGET = 3, /* a name is followed from here on: its role and tags */
	RECORD_LOOKUP = 4,
	RECORD_JUMP = 5, /* wall clock and boot clock moved apart */
	RECORD_SEAL = 6,
	RECORD_SOURCE = 7, /* a file that another tool wrote is told from: before its TOLDs */
	RECORD_TOLD = 8,   /* a lookup as a line of that file tells it: we saw no message */
	RECORD_FETCH = 9,  /* an HTTP answer: a node's page, or what RDAP tells */
};

struct segment_header {
	uint8_t uuid[UUID_LEN];       /* of the segment, random */
	uint8_t previous[SHA256_LEN]; /* SHA-256 of the segment before; zeros for the first */
	uint8_t collector[UUID_LEN];  /* of the spool that wrote it, random, lasting */
	uint8_t boot_id[UUID_LEN];    /* /proc/sys/kernel/random/boot_id */
	uint64_t sequence;            /* 1, 2, ... within the collector */
	int64_t created_wall_us;
	int64_t created_boot_us;
	char vantage[VANTAGE_MAX + 1]; /* where the collector stands */
};

struct segment_run {
	uint8_t uuid[UUID_LEN];
	int64_t started_wall_us;
	char version[32]; /* of fluxtrack */
};

enum target_role { /* enum type domain_role in SQL */
	TARGET_FOLLOWED,
	TARGET_NAMESERVER,
	TARGET_ADDRESS, /* asked for what it tells of an address: under in-addr.arpa, say */
};

struct segment_target {
	const uint8_t *name; /* borrowed, wire form */
	enum target_role role;
	const char *tags; /* borrowed: "family=storm registrar=nic.ru", printable ASCII */
	size_t tags_len;
};

struct segment_jump {
	int64_t wall_us;   /* when it was noticed, after the jump */
	int64_t jumped_us; /* how far the wall clock moved more than the boot clock */
};

/* A segment names the source before the first record told from it: each can be read alone. */
struct segment_source {
	uint8_t uuid[UUID_LEN];         /* of the import, random */
	uint8_t sha256[SHA256_LEN];     /* of the file, as it lay there (perhaps compressed) */
	char format[16];                /* "massdns", "zeek" or "cof" */
	char name[SOURCE_NAME_MAX + 1]; /* the file's base name, printable ASCII */
};

struct segment_told {
	uint8_t source[UUID_LEN];
	uint64_t line;        /* of the file, 1 being the first */
	bool has_ttl;         /* else the TTLs of the message mean nothing */
	struct lookup lookup; /* its message is made up from what the line says */
};

enum fetch_purpose {
	FETCH_PAGE,         /* what a node serves under a name */
	FETCH_REGISTRATION, /* RDAP of a registered name */
	FETCH_NETWORK,      /* RDAP of an address */
};

enum fetch_outcome {     /* enum type fetch_outcome in SQL */
	FETCH_ANSWERED,  /* a whole answer, whatever its status */
	FETCH_CUT,       /* more octets than were wanted: its beginning */
	FETCH_PARTIAL,   /* it ended before it was whole */
	FETCH_MALFORMED, /* not HTTP, or a head over its limit */
	FETCH_TIMEOUT,   /* not whole in time: silent, or a drip */
	FETCH_REFUSED,   /* no connection, no route, no address */
	FETCH_TLS,       /* no TLS, or a certificate that does not hold */
	FETCH_VETOED,    /* its address may not be contacted: no connection was made */
};

/* The word for it in SQL and in dossiers, static; NULL for what is none. */
const char *fetch_outcome_name(enum fetch_outcome outcome);

/* A GET and what it brought; all pointers are borrowed. */
struct segment_fetch {
	enum fetch_purpose purpose;
	enum fetch_outcome outcome;
	uint16_t status;              /* of HTTP; 0: none came */
	const uint8_t *name;          /* wire form; the root for FETCH_NETWORK */
	struct address about;         /* the node, or the address asked about; family 0: none */
	struct server_address server; /* connected to; family 0: to none */
	int64_t asked_wall_us;
	int64_t asked_boot_us;
	uint32_t took_us;
	const char *url; /* printable ASCII */
	size_t url_len;
	const char *tags; /* signatures that it bears, as tags of a target; printable ASCII */
	size_t tags_len;
	const uint8_t *head; /* status line and headers as they came, perhaps cut */
	size_t head_len;
	const uint8_t *body; /* its beginning */
	size_t body_len;
};

struct segment_seal {
	uint64_t records; /* before this one, HEADER included */
};

/* A decoded record; pointers inside borrow the payload. */
struct segment_record {
	enum record_type type;
	union {
		struct segment_header header;
		struct segment_run run;
		struct segment_target target;
		struct lookup lookup;
		struct segment_jump jump;
		struct segment_source source;
		struct segment_told told;
		struct segment_fetch fetch;
		struct segment_seal seal;
	};
};

/*
 * Append one framed record. Refused (buf's sticky failure, nothing of it in out) where it
 * could not be read back: a payload over its cap, a text that is not printable ASCII.
 */
void segment_put_header(struct buf *out, const struct segment_header *header);
void segment_put_run(struct buf *out, const struct segment_run *run);
void segment_put_target(struct buf *out, const struct segment_target *target);
void segment_put_lookup(struct buf *out, const struct lookup *lookup);
void segment_put_jump(struct buf *out, const struct segment_jump *jump);
void segment_put_source(struct buf *out, const struct segment_source *source);
void segment_put_told(struct buf *out, const struct segment_told *told);
void segment_put_fetch(struct buf *out, const struct segment_fetch *fetch);
void segment_put_seal(struct buf *out, uint64_t records);

enum segment_status {
	SEGMENT_RECORD, /* a whole record; *used octets */
	SEGMENT_SHORT,  /* the data end inside a record (or just there: no octet left) */
	SEGMENT_BROKEN, /* not a record: CRC, length or payload do not hold */
	SEGMENT_SKIP,   /* whole, but of a type this version does not know; *used octets */
};

/* Reads the record at data. */
enum segment_status segment_get(const uint8_t *data, size_t len, struct segment_record *out,
				size_t *used);

#endif
