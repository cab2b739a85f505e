/* SPDX-License-Identifier: MIT */
/*
 * The loader thread. It shares with its starter the two strings and, under the lock, the wish
 * to stop; what it counted is read after it has ended.
 */
#include "store/loader.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "store/migrate.h"

#define PERIOD_S   1
#define BACK_OFF_S 15 /* at most between two tries at a database that is away */

struct loader_thread {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_stopping; /* under lock */

	/* The thread's own until it is joined. */
	const char *conninfo; /* borrowed */
	struct db db;
	struct loader loader;
	struct error err; /* of the last try; code FT_OK: it went well */
	bool is_away;     /* and said so */
};

/* Sleeps; true once it is time to stop. */
static bool wait_for_stop(struct loader_thread *thread, int seconds)
{
	struct timespec until;
	int code = 0;
	bool stopping;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&thread->lock);
	while (!thread->is_stopping && code != ETIMEDOUT)
		code = pthread_cond_timedwait(&thread->wake, &thread->lock, &until);
	stopping = thread->is_stopping;
	pthread_mutex_unlock(&thread->lock);
	return stopping;
}

static int load(struct loader_thread *thread)
{
	struct error *err = &thread->err;

	*err = (struct error){0};
	if (thread->db.conn == NULL &&
	    migrate_connect(&thread->db, thread->conninfo, err) != FT_OK)
		return err->code;
	if (loader_load_new(&thread->loader, err) != FT_OK)
		db_close(&thread->db);
	return err->code;
}

/* Once when it goes away, once when it is back. */
static void tell(struct loader_thread *thread)
{
	bool is_away = thread->err.code != FT_OK;

	if (is_away && !thread->is_away)
		log_warn("%s; recording goes on, the spool keeps what is not loaded",
			 thread->err.text);
	if (!is_away && thread->is_away)
		log_info("the database is back");
	thread->is_away = is_away;
}

static void *run(void *arg)
{
	struct loader_thread *thread = arg;
	int pause_s = PERIOD_S;

	while (!wait_for_stop(thread, pause_s)) {
		load(thread);
		tell(thread);
		pause_s = thread->is_away ? 2 * pause_s : PERIOD_S;
		if (pause_s > BACK_OFF_S)
			pause_s = BACK_OFF_S;
	}
	load(thread);
	return NULL;
}

static void init_sync(struct loader_thread *thread)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&thread->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&thread->wake, &attr);
	pthread_condattr_destroy(&attr);
}

static void thread_free(struct loader_thread *thread)
{
	db_close(&thread->db);
	loader_fini(&thread->loader);
	pthread_cond_destroy(&thread->wake);
	pthread_mutex_destroy(&thread->lock);
	free(thread);
}

struct loader_thread *loader_start(const char *conninfo, const char *home, struct error *err)
{
	struct loader_thread *thread = calloc(1, sizeof(*thread));
	sigset_t all;
	sigset_t old;
	int code;

	if (thread == NULL) {
		error_set(err, FT_FAIL, "no memory for the loader");
		return NULL;
	}
	thread->conninfo = conninfo;
	thread->loader = (struct loader){.db = &thread->db, .home = home};
	init_sync(thread);
	/* Signals are the collector's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	code = pthread_create(&thread->thread, NULL, run, thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (code == 0)
		return thread;
	error_set(err, FT_FAIL, "cannot start the loader: %s", strerror(code));
	thread_free(thread);
	return NULL;
}

int loader_stop(struct loader_thread *thread, struct loader_totals *totals, struct error *err)
{
	pthread_mutex_lock(&thread->lock);
	thread->is_stopping = true;
	pthread_cond_signal(&thread->wake);
	pthread_mutex_unlock(&thread->lock);
	pthread_join(thread->thread, NULL);
	*totals = thread->loader.totals;
	*err = thread->err;
	thread_free(thread);
	return err->code;
}
