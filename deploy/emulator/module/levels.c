// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Which level each line has, from what is driven, what is pulled and which contacts are closed. */
#include "sim.h"

void sim_record(struct sim *sim, u64 now, u8 kind, u8 a, u8 b, u8 value)
{
	if (sim->log_count == MOST_RECORDS) {
		sim->lost++;
		return;
	}
	sim->log[sim->log_count] = (struct record){
		.nanoseconds = now, .kind = kind, .a = a, .b = b, .value = value,
	};
	/* A reader sees a record only when it is complete. */
	smp_store_release(&sim->log_count, sim->log_count + 1);
}

/* The lines that share the level of `lines` through the closed contacts. */
static u64 joined(const struct sim *sim, u64 lines, bool high)
{
	u64 before;
	unsigned int i;

	do {
		before = lines;
		for (i = 0; i < sim->closed_count; i++) {
			u64 a = BIT_ULL(sim->closed[i].a), b = BIT_ULL(sim->closed[i].b);

			/* Current runs from a to b: behind a diode a high a raises b, and a low b pulls a down. */
			if ((lines & a) && (high || !sim->diodes))
				lines |= b;
			if ((lines & b) && (!high || !sim->diodes))
				lines |= a;
		}
	} while (lines != before);
	return lines;
}

/* Brings the levels up to date; the answer is the lines whose edge is to interrupt. What drives is stronger than what pulls. */
u64 sim_settle(struct sim *sim)
{
	u64 low = joined(sim, sim->driven & ~sim->value, false);
	u64 high = joined(sim, sim->driven & sim->value, true);
	u64 up = joined(sim, sim->pulled_up, true);
	u64 down = joined(sim, sim->pulled_down, false);
	u64 before = sim->level, changed;

	if (low & high)
		sim->fights++;
	/* A line that nothing drives or pulls keeps its charge. */
	sim->level = (high & ~low) | (~(high | low) & (up | (~down & before)));
	changed = (before ^ sim->level) & ~sim->driven & sim->unmasked;
	return changed & ((sim->level & sim->rising) | (~sim->level & sim->falling));
}

void sim_act(struct sim *sim, const struct step *step)
{
	unsigned int i;

	for (i = 0; i < sim->closed_count; i++)
		if (sim->closed[i].a == step->a && sim->closed[i].b == step->b)
			break;
	if (step->closed && i == sim->closed_count && i < MOST_CLOSED)
		sim->closed[sim->closed_count++] = *step;
	else if (!step->closed && i < sim->closed_count)
		sim->closed[i] = sim->closed[--sim->closed_count];
	sim_record(sim, ktime_get_ns(), 'c', step->a, step->b, step->closed);
}
