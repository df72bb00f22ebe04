/*
 * measure_index.h
 *		From a measure's name to its rules: asked for every fact, so inline.
 *
 * The hash table lies in the block of the rubric; a change of its hash is a
 * change of the stored form.
 */
#ifndef AF_MEASURE_INDEX_H
#define AF_MEASURE_INDEX_H

#include <string.h>

#include "rubric.h"

/* The first and last eight bytes of a name, or what a shorter one is made of. */
static inline void
af_measure_ends(const char *name, size_t length, uint64_t *head, uint64_t *tail)
{
	*head = *tail = 0;
	if (length >= 8)
	{
		memcpy(head, name, 8);
		memcpy(tail, name + length - 8, 8);
	}
	else if (length >= 4)
	{
		uint32_t	first;
		uint32_t	last;

		/* A loop over the bytes would cost several times as much. */
		memcpy(&first, name, 4);
		memcpy(&last, name + length - 4, 4);
		*head = first | (uint64_t) last << 32;
	}
	else if (length > 0)
		*head = (uint64_t) (unsigned char) name[0] | (uint64_t) (unsigned char) name[length / 2] << 8 |
			(uint64_t) (unsigned char) name[length - 1] << 16;
}

static inline uint32_t
af_measure_place(uint64_t head, uint64_t tail, size_t length)
{
	uint64_t	hash = (head ^ (tail * UINT64_C(0x9E3779B97F4A7C15)) ^ length) * UINT64_C(0xFF51AFD7ED558CCD);

	return (uint32_t) (hash ^ (hash >> 32));
}

/* The measure's index, or -1 where the rubric has no rule on it. */
static inline int
af_rubric_find_measure(const af_rubric *rubric, const char *name, size_t length)
{
	const uint16_t *slots = (const uint16_t *) ((const char *) rubric + rubric->slots);
	const af_compiled_measure *measures = af_rubric_measures(rubric);
	uint32_t	mask = rubric->slot_count - 1u;
	uint64_t	head;
	uint64_t	tail;

	af_measure_ends(name, length, &head, &tail);
	for (uint32_t i = af_measure_place(head, tail, length) & mask; slots[i] != 0; i = (i + 1) & mask)
	{
		const af_compiled_measure *measure = &measures[slots[i] - 1];

		/* Up to sixteen bytes the ends and the length tell the whole name. */
		if (measure->head == head && measure->tail == tail && measure->name.length == length &&
			(length <= 16 || memcmp((const char *) rubric + measure->name.offset, name, length) == 0))
			return slots[i] - 1;
	}
	return -1;
}

#endif
