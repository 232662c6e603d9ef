#include "raster.h"

#include "libraries.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define POINTER(result, name, parameters) result(*name) parameters;
static struct {
    PL_RASTER_FUNCTIONS(POINTER)
} library;

struct pl_canvas {
    void *surface, *cairo;
    int width, height;
};

// CAIRO_FORMAT_RGB24, CAIRO_STATUS_SUCCESS, CAIRO_STATUS_WRITE_ERROR, PANGO_SCALE.
enum { FORMAT_RGB24 = 1, STATUS_SUCCESS = 0, STATUS_WRITE_ERROR = 11, SCALE = 1024 };

static pl_canvas *create(int width, int height) {
    pl_canvas *canvas = calloc(1, sizeof *canvas);
    if (!canvas) return NULL;
    *canvas = (pl_canvas){.surface = library.cairo_image_surface_create(FORMAT_RGB24, width, height), .width = width, .height = height};
    if (library.cairo_surface_status(canvas->surface) != STATUS_SUCCESS) {
        library.cairo_surface_destroy(canvas->surface);
        free(canvas);
        return NULL;
    }
    canvas->cairo = library.cairo_create(canvas->surface);
    pl_canvas_fill(canvas, 0, 0, width, height, 0xFFFFFFFF);
    return canvas;
}

void pl_canvas_destroy(pl_canvas *canvas) {
    if (!canvas) return;
    library.cairo_destroy(canvas->cairo);
    library.cairo_surface_destroy(canvas->surface);
    free(canvas);
}

static void set_colour(pl_canvas *canvas, uint32_t colour) {
    library.cairo_set_source_rgba(
        canvas->cairo, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0, (colour >> 24) / 255.0);
}

void pl_canvas_fill(pl_canvas *canvas, double x, double y, double width, double height, uint32_t colour) {
    set_colour(canvas, colour);
    library.cairo_rectangle(canvas->cairo, x, y, width, height);
    library.cairo_fill(canvas->cairo);
}

/// The caller gives it back with g_object_unref.
static void *layout_of(pl_canvas *canvas, const pl_font *font, const char *text, size_t length) {
    void *layout = library.pango_cairo_create_layout(canvas->cairo);
    void *description = library.pango_font_description_from_string(font->families);
    library.pango_font_description_set_absolute_size(description, font->size * SCALE);
    library.pango_layout_set_font_description(layout, description);
    library.pango_font_description_free(description);
    library.pango_layout_set_single_paragraph_mode(layout, 1);
    int bytes = length < INT_MAX ? (int)length : INT_MAX;
    if (font->is_markup) {
        library.pango_layout_set_markup(layout, text, bytes);
    } else {
        library.pango_layout_set_text(layout, text, bytes);
    }
    return layout;
}

pl_text_size pl_canvas_measure(pl_canvas *canvas, const pl_font *font, const char *text, size_t length) {
    void *layout = layout_of(canvas, font, text, length);
    int width = 0;
    library.pango_layout_get_size(layout, &width, NULL);
    pl_text_size size = {.width = (double)width / SCALE, .unknown = library.pango_layout_get_unknown_glyphs_count(layout)};
    library.g_object_unref(layout);
    return size;
}

void pl_canvas_text(pl_canvas *canvas, const pl_font *font, const char *text, size_t length, double x, double y, double stretch, uint32_t colour) {
    void *layout = layout_of(canvas, font, text, length);
    set_colour(canvas, colour);
    library.cairo_save(canvas->cairo);
    library.cairo_translate(canvas->cairo, x, y);
    library.cairo_scale(canvas->cairo, stretch, 1);
    library.cairo_move_to(canvas->cairo, 0, -(double)library.pango_layout_get_baseline(layout) / SCALE);
    library.pango_cairo_show_layout(canvas->cairo, layout);
    library.cairo_restore(canvas->cairo);
    library.g_object_unref(layout);
}

uint8_t pl_canvas_darkness(pl_canvas *canvas, int x, int y) {
    if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height) return 0;
    library.cairo_surface_flush(canvas->surface);
    const unsigned char *row = library.cairo_image_surface_get_data(canvas->surface) + (size_t)y * library.cairo_image_surface_get_stride(canvas->surface);
    uint32_t pixel = ((const uint32_t *)(const void *)row)[x];
    return (uint8_t)(255 - ((pixel >> 16 & 255) + (pixel >> 8 & 255) + (pixel & 255)) / 3);
}

static int write_bytes(void *file, const unsigned char *data, unsigned int length) {
    return fwrite(data, 1, length, file) == length ? STATUS_SUCCESS : STATUS_WRITE_ERROR;
}

int pl_canvas_write(pl_canvas *canvas, const char *path) {
    FILE *file = fopen(path, "wbe");
    if (!file) return errno;
    errno = 0;
    int status = library.cairo_surface_write_to_png_stream(canvas->surface, write_bytes, file);
    int error = status == STATUS_SUCCESS ? 0 : errno ? errno : EIO;
    if (fclose(file) != 0 && error == 0) error = errno;
    return error;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *missing;

static void load(void) {
    // It is linked with Pango, Cairo and GObject, whose symbols dlsym finds through it.
    void *handle = dlopen("libpangocairo-1.0.so.0", RTLD_NOW | RTLD_LOCAL);
    missing = "Pango and Cairo draw it, and are not installed: install the Debian package libpangocairo-1.0-0";
    if (!handle) return;
    // POSIX has dlsym give functions as pointers to objects.
#define FIND(result, name, parameters) \
    if (!(*(void **)&library.name = dlsym(handle, #name))) return;
    PL_RASTER_FUNCTIONS(FIND)
    missing = NULL;
    // Where there is no font, Pango draws nothing and says so of every character.
    pl_canvas *canvas = create(1, 1);
    pl_font font = {.families = "Monospace", .size = 10};
    if (!canvas || pl_canvas_measure(canvas, &font, "0", 1).unknown > 0) {
        missing = "there is no font to draw with: install the Debian package fonts-dejavu-core";
    }
    pl_canvas_destroy(canvas);
}

const char *pl_raster_load(void) {
    pthread_once(&once, load);
    return missing;
}

pl_canvas *pl_canvas_create(int width, int height) { return pl_raster_load() ? NULL : create(width, height); }
