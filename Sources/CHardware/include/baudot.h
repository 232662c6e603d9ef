/// The two alphabets of teletypes with five bits, as tables.
#ifndef PLATEN_BAUDOT_H
#define PLATEN_BAUDOT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    /// International Telegraph Alphabet No. 2: Recommendation ITU-T S.1 (03/93), table 1.
    PL_BAUDOT_ITA2 = 0,
    /// American teletypes' "communications" keyboard, as radio amateurs chart it: https://www.qsl.net/xe1m/codigo.htm
    PL_BAUDOT_USTTY = 1,
} pl_baudot_alphabet;

enum {
    PL_BAUDOT_LINE_FEED = 0x02,
    PL_BAUDOT_SPACE = 0x04,
    PL_BAUDOT_RETURN = 0x08,
    PL_BAUDOT_FIGURES = 0x1B,
    PL_BAUDOT_LETTERS = 0x1F,
};

/// The ASCII character of a combination, whose first element is the lowest bit: a capital letter, a sign, BEL (07h), ENQ (05h, "who are
/// you"), LF, CR or NUL. 0 also for the two shifts, and for the figures of F, G and H in ITA2, which each country has its own way with.
uint8_t pl_baudot_character(pl_baudot_alphabet alphabet, uint8_t code, bool is_figure);

#ifdef __cplusplus
}
#endif
#endif
