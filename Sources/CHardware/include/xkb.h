/// libxkbcommon as it is: its interface needs no help.
#ifndef PLATEN_XKB_H
#define PLATEN_XKB_H

#include <xkbcommon/xkbcommon-compose.h>
#include <xkbcommon/xkbcommon-keysyms.h>
#include <xkbcommon/xkbcommon-names.h>
#include <xkbcommon/xkbcommon.h>

#endif
