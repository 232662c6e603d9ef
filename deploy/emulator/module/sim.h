// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef SIM_H
#define SIM_H

#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/gpio/driver.h>
#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#define MOST_LINES 64
#define MOST_CLOSED 64
#define MOST_STEPS (1 << 20)
#define MOST_RECORDS (1 << 20)

struct step {
	u32 microseconds;
	u8 a, b, closed, unused;
};

struct record {
	u64 nanoseconds;	/* the same for all lines that change at once */
	u8 kind;	/* 'c': the contact of lines a and b; 'o': the line a, driven or not */
	u8 a, b;
	u8 value;	/* of a contact: 1 closed, 0 open; of a line: driven 0 or 1, or 'z' for not driven */
	u32 unused;
};

struct sim {
	struct gpio_chip gpio;
	struct dentry *directory;
	raw_spinlock_t lock;		/* guards what follows, up to the script */
	u64 driven, value;		/* the outputs, and their values */
	u64 pulled_up, pulled_down;
	u64 level;			/* what a reader of each line sees */
	u64 rising, falling, unmasked;	/* the edges that interrupt */
	struct step closed[MOST_CLOSED];
	unsigned int closed_count;
	u64 logged;
	struct record *log;
	u32 log_count, lost, fights;
	u32 diodes;
	u32 keeps;
	struct step *script;
	u32 step_count, next;
	ktime_t start;
	struct hrtimer timer;
	struct mutex playing;
	struct completion played;
};

/* levels.c: under the lock */
void sim_record(struct sim *sim, u64 now, u8 kind, u8 a, u8 b, u8 value);
void sim_act(struct sim *sim, const struct step *step);
u64 sim_settle(struct sim *sim);

/* chip.c */
int sim_add_chip(struct sim *sim, char *label, unsigned int lines);
void sim_interrupt(struct sim *sim, u64 edges);

/* typist.c */
void sim_add_typist(struct sim *sim);
extern const struct file_operations sim_script, sim_play;

#endif
