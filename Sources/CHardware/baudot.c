#include "baudot.h"

// By the value of the five bits.
static const char letters[33] = "\0E\nA SIU\rDRJNFCKTZLWHYPQOBG\0MXV";
static const char ita2_figures[33] = "\0003\n- '87\r\0054\a,\0:(5+)2\0006019?\0\0./=";
static const char ustty_figures[33] = "\0003\n- \a87\r$4',!:(5\")2#6019?&\0./;";

uint8_t pl_baudot_character(pl_baudot_alphabet alphabet, uint8_t code, bool is_figure) {
    const char *figures = alphabet == PL_BAUDOT_USTTY ? ustty_figures : ita2_figures;
    return (uint8_t)(is_figure ? figures : letters)[code & 0x1F];
}
