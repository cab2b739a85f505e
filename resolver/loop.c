/* SPDX-License-Identifier: MIT */
#include "resolver/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static const int STOP_SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
#define STOP_SIGNAL_COUNT (sizeof(STOP_SIGNALS) / sizeof(STOP_SIGNALS[0]))

struct loop {
	uv_loop_t uv;
	uv_timer_t tick;  /* wakes the loop, so that a turn comes */
	uv_check_t check; /* runs after all that was ready: the turn */
	uv_signal_t signals[STOP_SIGNAL_COUNT];
	loop_turn turn;
	void *ctx; /* the turn's */
	bool stop_asked;
};

struct watch {
	uv_poll_t poll;
	loop_ready ready;
	void *ctx; /* ready's */
	int events;
};

static void on_tick(uv_timer_t *tick)
{
	(void)tick;
}

static void on_check(uv_check_t *check)
{
	struct loop *loop = check->data;

	loop->turn(loop->ctx);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct loop *loop = handle->data;

	(void)number;
	loop->stop_asked = true;
}

static int start_handles(struct loop *loop)
{
	int status = uv_timer_init(&loop->uv, &loop->tick);

	if (status == 0)
		status = uv_timer_start(&loop->tick, on_tick, LOOP_TICK_MS, LOOP_TICK_MS);
	if (status == 0)
		status = uv_check_init(&loop->uv, &loop->check);
	loop->check.data = loop;
	if (status == 0)
		status = uv_check_start(&loop->check, on_check);
	for (size_t i = 0; i < STOP_SIGNAL_COUNT && status == 0; i++) {
		status = uv_signal_init(&loop->uv, &loop->signals[i]);
		loop->signals[i].data = loop;
		if (status == 0)
			status = uv_signal_start(&loop->signals[i], on_signal, STOP_SIGNALS[i]);
	}
	return status;
}

struct loop *loop_new(loop_turn turn, void *ctx, struct error *err)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int status;

	if (loop == NULL) {
		error_set(err, FT_FAIL, "no memory for the event loop");
		return NULL;
	}
	loop->turn = turn;
	loop->ctx = ctx;
	status = uv_loop_init(&loop->uv);
	if (status != 0) {
		error_set(err, FT_FAIL, "cannot make the event loop: %s", uv_strerror(status));
		free(loop);
		return NULL;
	}
	status = start_handles(loop);
	if (status == 0)
		return loop;
	error_set(err, FT_FAIL, "cannot start the event loop: %s", uv_strerror(status));
	loop_free(loop);
	return NULL;
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

void loop_free(struct loop *loop)
{
	uv_walk(&loop->uv, close_handle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT); /* libuv lets go of handles in a run alone */
	uv_loop_close(&loop->uv);
	free(loop);
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

bool loop_stop_asked(const struct loop *loop)
{
	return loop->stop_asked;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;

	/* Reading and writing tell the error. libuv has stopped the poll: go on where it lives.
	 */
	watch->ready(watch->ctx, status != 0 || (events & UV_READABLE) != 0,
		     status != 0 || (events & UV_WRITABLE) != 0);
	if (status != 0 && !uv_is_closing((uv_handle_t *)poll))
		uv_poll_start(poll, watch->events, on_poll);
}

struct watch *loop_watch(struct loop *loop, int fd, loop_ready ready, void *ctx,
			 struct error *err)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	int status;

	if (watch == NULL) {
		error_set(err, FT_FAIL, "no memory to watch a socket");
		return NULL;
	}
	watch->ready = ready;
	watch->ctx = ctx;
	status = uv_poll_init(&loop->uv, &watch->poll, fd);
	if (status != 0) {
		error_set(err, FT_FAIL, "cannot watch a socket: %s", uv_strerror(status));
		free(watch);
		return NULL;
	}
	watch->poll.data = watch;
	watch_set(watch, true, false);
	return watch;
}

void watch_set(struct watch *watch, bool readable, bool writable)
{
	watch->events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
	uv_poll_start(&watch->poll, watch->events, on_poll);
}

static void on_watch_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void watch_end(struct watch *watch)
{
	uv_poll_stop(&watch->poll);
	uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}
