/// libevdev as it is, and the key codes and waiting that go with it.
#ifndef PLATEN_EVDEV_H
#define PLATEN_EVDEV_H

#include <libevdev-1.0/libevdev/libevdev.h>
#include <linux/input-event-codes.h>
#include <sys/epoll.h>

#endif
