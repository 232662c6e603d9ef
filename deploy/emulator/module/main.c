// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * GPIO chips whose lines are joined by switches, as a keyboard's matrix joins them, and a typist who works these switches.
 *
 *     insmod platen_matrix_sim.ko chips=keys:24,typewriter:16
 *
 * makes a chip of 24 and one of 16 lines with these labels. A line's level follows from what is driven, which contacts are closed and
 * which lines are pulled up or down, at the very instant one of them changes: a row that is driven can be read on its column at once.
 * Each chip has a directory under /sys/kernel/debug/platen_matrix_sim:
 *
 *     diodes    (0 or 1) every contact has a diode that conducts from its line a to its line b
 *     keeps     (0 or 1) a line that nobody holds any more stays driven as it was
 *     script    (written) what the typist does, as records of 8 bytes: microseconds since the start (u32), line a, line b, closed (u8 each)
 *     play      (written) plays the script on the kernel's timer; the write returns when it has been played
 *     logged    (mask) the lines whose driven values go to the log
 *     log       (read) what happened, as records of 16 bytes, see struct record
 *     fights    lines that were driven high and low at once, through a contact: a short circuit in a real matrix
 *     lost      records that did not fit into the log
 *
 * All numbers are in the machine's byte order; times are CLOCK_MONOTONIC.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "sim.h"

#define MOST_CHIPS 8

static char *chips[MOST_CHIPS];
static int chip_count;
module_param_array(chips, charp, &chip_count, 0444);
MODULE_PARM_DESC(chips, "LABEL:LINES of each chip");

static struct sim *sims[MOST_CHIPS];
static struct dentry *root;

static ssize_t log_read(struct file *file, char __user *to, size_t size, loff_t *offset)
{
	struct sim *sim = file->private_data;

	return simple_read_from_buffer(to, size, offset, sim->log, smp_load_acquire(&sim->log_count) * sizeof(*sim->log));
}

static const struct file_operations log_operations = {
	.owner = THIS_MODULE, .open = simple_open, .read = log_read,
};

static void remove(struct sim *sim)
{
	debugfs_remove(sim->directory);
	gpiochip_remove(&sim->gpio);
	vfree(sim->log);
	vfree(sim->script);
	kfree(sim);
}

static int add(struct sim **added, char *description)
{
	char *label = strsep(&description, ":");
	struct sim *sim;
	unsigned int lines;
	int error;

	if (!description || kstrtouint(description, 10, &lines) || lines < 1 || lines > MOST_LINES) {
		pr_err("platen_matrix_sim: chips= takes LABEL:LINES of 1 to %d lines\n", MOST_LINES);
		return -EINVAL;
	}
	sim = kzalloc(sizeof(*sim), GFP_KERNEL);
	if (!sim)
		return -ENOMEM;
	error = -ENOMEM;
	sim->script = vzalloc(MOST_STEPS * sizeof(*sim->script));
	sim->log = vzalloc(MOST_RECORDS * sizeof(*sim->log));
	if (!sim->script || !sim->log)
		goto failed;
	error = sim_add_chip(sim, label, lines);
	if (error)
		goto failed;
	sim_add_typist(sim);

	sim->directory = debugfs_create_dir(label, root);
	debugfs_create_u32("diodes", 0644, sim->directory, &sim->diodes);
	debugfs_create_u32("keeps", 0644, sim->directory, &sim->keeps);
	debugfs_create_x64("logged", 0644, sim->directory, &sim->logged);
	debugfs_create_u32("fights", 0644, sim->directory, &sim->fights);
	debugfs_create_u32("lost", 0444, sim->directory, &sim->lost);
	debugfs_create_file("script", 0200, sim->directory, sim, &sim_script);
	debugfs_create_file("play", 0200, sim->directory, sim, &sim_play);
	debugfs_create_file("log", 0400, sim->directory, sim, &log_operations);
	*added = sim;
	return 0;
failed:
	vfree(sim->log);
	vfree(sim->script);
	kfree(sim);
	return error;
}

static void stop(void)
{
	int i;

	for (i = 0; i < chip_count && sims[i]; i++)
		remove(sims[i]);
	debugfs_remove(root);
}

static int start(void)
{
	int i, error;

	root = debugfs_create_dir("platen_matrix_sim", NULL);
	for (i = 0; i < chip_count; i++) {
		error = add(&sims[i], chips[i]);
		if (error) {
			stop();
			return error;
		}
	}
	return 0;
}

module_init(start);
module_exit(stop);
MODULE_DESCRIPTION("GPIO chips whose lines are joined by switches, and a typist who works them");
MODULE_LICENSE("Dual MIT/GPL");
