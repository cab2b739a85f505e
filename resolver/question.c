/* SPDX-License-Identifier: MIT */
#include "resolver/question.h"

#include <assert.h>
#include <stdlib.h>

int question_pool_init(struct question_pool *pool, size_t size, struct error *err)
{
	pool->all = calloc(size, sizeof(*pool->all));
	if (pool->all == NULL)
		return error_set(err, FT_FAIL, "no memory for %zu questions", size);
	pool->size = size;
	pool->in_use = 0;
	STAILQ_INIT(&pool->unused);
	for (size_t i = 0; i < size; i++)
		STAILQ_INSERT_TAIL(&pool->unused, &pool->all[i], next);
	return FT_OK;
}

void question_pool_fini(struct question_pool *pool)
{
	free(pool->all);
}

struct question *question_take(struct question_pool *pool)
{
	struct question *q = STAILQ_FIRST(&pool->unused);

	assert(q != NULL);
	STAILQ_REMOVE_HEAD(&pool->unused, next);
	pool->in_use++;
	*q = (struct question){0};
	return q;
}

void question_put(struct question_pool *pool, struct question *q)
{
	STAILQ_INSERT_HEAD(&pool->unused, q, next);
	pool->in_use--;
}
