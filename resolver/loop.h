/* SPDX-License-Identifier: MIT */
/*
 * The collector's event loop; the only file that sees libuv. Once a loop turn, after all that
 * was ready has been served, it calls turn: there, and not in callbacks, work is done (asking,
 * flushing batches, writing the spool). A turn also comes every tick when nothing happens.
 */
#ifndef RESOLVER_LOOP_H
#define RESOLVER_LOOP_H

#include "base/error.h"

#include <stdbool.h>

#define LOOP_TICK_MS 20

struct loop;
struct watch;

typedef void (*loop_turn)(void *ctx);
typedef void (*loop_ready)(void *ctx, bool readable, bool writable);

/* SIGINT, SIGTERM and SIGHUP set the stop request. */
struct loop *loop_new(loop_turn turn, void *ctx, struct error *err) MUST_CHECK;
void loop_free(struct loop *loop);
/* Runs until loop_stop(). */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* Has a signal asked us to end? */
bool loop_stop_asked(const struct loop *loop);

/* Watches fd, level-triggered, for reading at first. The fd stays the caller's to close. */
struct watch *loop_watch(struct loop *loop, int fd, loop_ready ready, void *ctx,
			 struct error *err) MUST_CHECK;
void watch_set(struct watch *watch, bool readable, bool writable);
/* Ends the watch at once; call it before closing the fd. */
void watch_end(struct watch *watch);

#endif
