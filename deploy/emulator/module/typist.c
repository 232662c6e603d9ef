// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Plays a script of closing and opening contacts on the kernel's timer. */
#include <linux/uaccess.h>
#include "sim.h"

static enum hrtimer_restart type_next(struct hrtimer *timer)
{
	struct sim *sim = container_of(timer, struct sim, timer);
	const struct step *step = &sim->script[sim->next];
	unsigned long flags;
	u64 edges;

	raw_spin_lock_irqsave(&sim->lock, flags);
	sim_act(sim, step);
	edges = sim_settle(sim);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	sim_interrupt(sim, edges);

	if (++sim->next == sim->step_count) {
		complete(&sim->played);
		return HRTIMER_NORESTART;
	}
	hrtimer_set_expires(timer, ktime_add_us(sim->start, sim->script[sim->next].microseconds));
	return HRTIMER_RESTART;
}

static ssize_t play_write(struct file *file, const char __user *from, size_t size, loff_t *offset)
{
	struct sim *sim = file->private_data;
	int interrupted;

	if (mutex_lock_interruptible(&sim->playing))
		return -EINTR;
	if (sim->step_count) {
		sim->next = 0;
		sim->start = ktime_get();
		reinit_completion(&sim->played);
		hrtimer_start(&sim->timer, ktime_add_us(sim->start, sim->script[0].microseconds), HRTIMER_MODE_ABS_HARD);
		interrupted = wait_for_completion_interruptible(&sim->played);
		hrtimer_cancel(&sim->timer);
		if (interrupted)
			size = -EINTR;
	}
	mutex_unlock(&sim->playing);
	return size;
}

const struct file_operations sim_play = {
	.owner = THIS_MODULE, .open = simple_open, .write = play_write,
};

static int script_open(struct inode *inode, struct file *file)
{
	struct sim *sim = inode->i_private;

	file->private_data = sim;
	if (file->f_flags & O_TRUNC)
		sim->step_count = 0;
	return 0;
}

static ssize_t script_write(struct file *file, const char __user *from, size_t size, loff_t *offset)
{
	struct sim *sim = file->private_data;
	struct step *end;
	size_t i, count = min_t(size_t, size / sizeof(*end), MOST_STEPS - sim->step_count);
	int error = 0;

	if (!count)
		return -EINVAL;
	if (mutex_lock_interruptible(&sim->playing))
		return -EINTR;
	end = &sim->script[sim->step_count];
	if (copy_from_user(end, from, count * sizeof(*end)))
		error = -EFAULT;
	for (i = 0; !error && i < count; i++)
		if (end[i].a >= sim->gpio.ngpio || end[i].b >= sim->gpio.ngpio || end[i].closed > 1)
			error = -EINVAL;
	if (!error)
		sim->step_count += count;
	mutex_unlock(&sim->playing);
	return error ?: count * sizeof(*end);
}

const struct file_operations sim_script = {
	.owner = THIS_MODULE, .open = script_open, .write = script_write,
};

void sim_add_typist(struct sim *sim)
{
	mutex_init(&sim->playing);
	init_completion(&sim->played);
	hrtimer_init(&sim->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
	sim->timer.function = type_next;
}
