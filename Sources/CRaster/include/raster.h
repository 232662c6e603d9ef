/// Text drawn as dots by Pango and Cairo. The libraries are loaded when they are first wanted: a machine without them lacks nothing
/// else, and building needs no header of theirs. One thread at a time uses a canvas.
#ifndef PLATEN_RASTER_H
#define PLATEN_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Loads the libraries. Returns NULL when they and at least one font are there, else what to install. From any thread.
const char *pl_raster_load(void);

typedef struct pl_canvas pl_canvas;

/// White, so many pixels wide and high. NULL: not loaded, too large, or no memory.
pl_canvas *pl_canvas_create(int width, int height);
void pl_canvas_destroy(pl_canvas *canvas);

/// Colours are 0xAARRGGBB, not premultiplied. Places are pixels from the upper left corner.
void pl_canvas_fill(pl_canvas *canvas, double x, double y, double width, double height, uint32_t colour);

typedef struct {
    /// Families, the best first, with commas between, as pango_font_description_from_string takes them.
    const char *families;
    /// Pixels of the em square.
    double size;
    /// Takes Pango's marks for bold (`<b>`) and underlined (`<u>`).
    bool is_markup;
} pl_font;

typedef struct {
    /// Pixels.
    double width;
    /// Characters that no font here has.
    int unknown;
} pl_text_size;

/// What a line of UTF-8 takes, shaped as its script is written, and in the directions that it is read.
pl_text_size pl_canvas_measure(pl_canvas *canvas, const pl_font *font, const char *text, size_t length);

/// Draws a line with its left end at `x`, its baseline at `y`, and its widths multiplied by `stretch`.
void pl_canvas_text(pl_canvas *canvas, const pl_font *font, const char *text, size_t length, double x, double y, double stretch, uint32_t colour);

/// How dark a pixel is: 0 for white to 255 for black; 0 outside.
uint8_t pl_canvas_darkness(pl_canvas *canvas, int x, int y);

/// Writes the canvas as a PNG file. Returns 0 or a number of <errno.h>.
int pl_canvas_write(pl_canvas *canvas, const char *path);

#ifdef __cplusplus
}
#endif
#endif
