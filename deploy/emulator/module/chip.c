// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* What gpiolib asks of a chip. */
#include <linux/irqdomain.h>
#include "sim.h"

void sim_interrupt(struct sim *sim, u64 edges)
{
	while (edges) {
		unsigned int line = __ffs64(edges);

		edges &= edges - 1;
		generic_handle_irq_safe(irq_find_mapping(sim->gpio.irq.domain, line));
	}
}

/* Changes which lines of `mask` are driven, and their values. */
static void drive(struct gpio_chip *gpio, u64 mask, u64 driven, u64 value)
{
	struct sim *sim = gpiochip_get_data(gpio);
	unsigned long flags;
	u64 now, changed, edges;

	raw_spin_lock_irqsave(&sim->lock, flags);
	now = ktime_get_ns();
	driven = (sim->driven & ~mask) | (driven & mask);
	value = (sim->value & ~mask) | (value & mask);
	changed = (sim->driven ^ driven) | ((sim->value ^ value) & driven);
	sim->driven = driven;
	sim->value = value;
	for (changed &= sim->logged; changed; changed &= changed - 1) {
		u8 line = __ffs64(changed);

		sim_record(sim, now, 'o', line, 0, !(driven >> line & 1) ? 'z' : value >> line & 1);
	}
	edges = sim_settle(sim);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	sim_interrupt(sim, edges);
}

static u64 levels(struct gpio_chip *gpio)
{
	struct sim *sim = gpiochip_get_data(gpio);
	unsigned long flags;
	u64 level;

	raw_spin_lock_irqsave(&sim->lock, flags);
	level = sim->level;
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	return level;
}

static int sim_get(struct gpio_chip *gpio, unsigned int line)
{
	return levels(gpio) >> line & 1;
}

static int sim_get_multiple(struct gpio_chip *gpio, unsigned long *mask, unsigned long *bits)
{
	*bits = levels(gpio) & *mask;
	return 0;
}

static void sim_set(struct gpio_chip *gpio, unsigned int line, int value)
{
	drive(gpio, BIT_ULL(line), BIT_ULL(line), value ? BIT_ULL(line) : 0);
}

static void sim_set_multiple(struct gpio_chip *gpio, unsigned long *mask, unsigned long *bits)
{
	drive(gpio, *mask, *mask, *bits);
}

static int sim_direction_output(struct gpio_chip *gpio, unsigned int line, int value)
{
	sim_set(gpio, line, value);
	return 0;
}

static int sim_direction_input(struct gpio_chip *gpio, unsigned int line)
{
	drive(gpio, BIT_ULL(line), 0, 0);
	return 0;
}

static int sim_get_direction(struct gpio_chip *gpio, unsigned int line)
{
	struct sim *sim = gpiochip_get_data(gpio);

	return READ_ONCE(sim->driven) >> line & 1 ? GPIO_LINE_DIRECTION_OUT : GPIO_LINE_DIRECTION_IN;
}

static void pull(struct gpio_chip *gpio, unsigned int line, bool up, bool down)
{
	struct sim *sim = gpiochip_get_data(gpio);
	unsigned long flags;
	u64 edges;

	raw_spin_lock_irqsave(&sim->lock, flags);
	sim->pulled_up = (sim->pulled_up & ~BIT_ULL(line)) | (up ? BIT_ULL(line) : 0);
	sim->pulled_down = (sim->pulled_down & ~BIT_ULL(line)) | (down ? BIT_ULL(line) : 0);
	edges = sim_settle(sim);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	sim_interrupt(sim, edges);
}

static int sim_set_config(struct gpio_chip *gpio, unsigned int line, unsigned long config)
{
	switch (pinconf_to_config_param(config)) {
	case PIN_CONFIG_BIAS_PULL_UP:
		pull(gpio, line, true, false);
		return 0;
	case PIN_CONFIG_BIAS_PULL_DOWN:
		pull(gpio, line, false, true);
		return 0;
	case PIN_CONFIG_BIAS_DISABLE:
		pull(gpio, line, false, false);
		return 0;
	default:
		return -ENOTSUPP;
	}
}

/* A line that nobody holds is an input without a pull, as with Linux's own driver of a Pi, or stays as it is, as with Raspberry Pi OS's. */
static void sim_free(struct gpio_chip *gpio, unsigned int line)
{
	struct sim *sim = gpiochip_get_data(gpio);

	if (READ_ONCE(sim->keeps))
		return;
	sim_direction_input(gpio, line);
	pull(gpio, line, false, false);
}

static void unmask(struct irq_data *data, bool unmasked)
{
	struct gpio_chip *gpio = irq_data_get_irq_chip_data(data);
	struct sim *sim = gpiochip_get_data(gpio);
	u64 line = BIT_ULL(irqd_to_hwirq(data));
	unsigned long flags;

	raw_spin_lock_irqsave(&sim->lock, flags);
	sim->unmasked = (sim->unmasked & ~line) | (unmasked ? line : 0);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
}

static void sim_irq_mask(struct irq_data *data)
{
	unmask(data, false);
	gpiochip_disable_irq(irq_data_get_irq_chip_data(data), irqd_to_hwirq(data));
}

static void sim_irq_unmask(struct irq_data *data)
{
	gpiochip_enable_irq(irq_data_get_irq_chip_data(data), irqd_to_hwirq(data));
	unmask(data, true);
}

static int sim_irq_set_type(struct irq_data *data, unsigned int type)
{
	struct gpio_chip *gpio = irq_data_get_irq_chip_data(data);
	struct sim *sim = gpiochip_get_data(gpio);
	u64 line = BIT_ULL(irqd_to_hwirq(data));
	unsigned long flags;

	if (type & ~IRQ_TYPE_EDGE_BOTH)
		return -EINVAL;
	raw_spin_lock_irqsave(&sim->lock, flags);
	sim->rising = (sim->rising & ~line) | (type & IRQ_TYPE_EDGE_RISING ? line : 0);
	sim->falling = (sim->falling & ~line) | (type & IRQ_TYPE_EDGE_FALLING ? line : 0);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	return 0;
}

static const struct irq_chip sim_irq_chip = {
	.name = "platen-matrix-sim",
	.irq_mask = sim_irq_mask,
	.irq_unmask = sim_irq_unmask,
	.irq_set_type = sim_irq_set_type,
	.flags = IRQCHIP_IMMUTABLE,
	GPIOCHIP_IRQ_RESOURCE_HELPERS,
};

int sim_add_chip(struct sim *sim, char *label, unsigned int lines)
{
	struct gpio_irq_chip *irq = &sim->gpio.irq;

	raw_spin_lock_init(&sim->lock);
	sim->gpio = (struct gpio_chip){
		.label = label, .owner = THIS_MODULE, .base = -1, .ngpio = lines,
		.get = sim_get, .get_multiple = sim_get_multiple, .set = sim_set, .set_multiple = sim_set_multiple,
		.get_direction = sim_get_direction, .direction_input = sim_direction_input,
		.direction_output = sim_direction_output, .set_config = sim_set_config, .free = sim_free,
	};
	gpio_irq_chip_set_chip(irq, &sim_irq_chip);
	irq->handler = handle_simple_irq;
	irq->default_type = IRQ_TYPE_NONE;
	return gpiochip_add_data(&sim->gpio, sim);
}
