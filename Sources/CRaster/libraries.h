/// What is used of Pango, Cairo and GObject: the prototypes of cairo.h (1.16), pango-layout.h, pango-font.h and pangocairo.h (1.50), with
/// pointers to nothing known in the place of their types.
#ifndef PLATEN_RASTER_LIBRARIES_H
#define PLATEN_RASTER_LIBRARIES_H

typedef int (*pl_png_writer)(void *closure, const unsigned char *data, unsigned int length);

// A line each: result, name, parameters.
#define PL_RASTER_FUNCTIONS(X)                                                                                                        \
    X(void *, cairo_image_surface_create, (int format, int width, int height))                                                        \
    X(int, cairo_surface_status, (void *surface))                                                                                     \
    X(void, cairo_surface_destroy, (void *surface))                                                                                   \
    X(void, cairo_surface_flush, (void *surface))                                                                                     \
    X(unsigned char *, cairo_image_surface_get_data, (void *surface))                                                                 \
    X(int, cairo_image_surface_get_stride, (void *surface))                                                                           \
    X(int, cairo_surface_write_to_png_stream, (void *surface, pl_png_writer write, void *closure))                                    \
    X(void *, cairo_create, (void *surface))                                                                                          \
    X(void, cairo_destroy, (void *cairo))                                                                                             \
    X(void, cairo_set_source_rgba, (void *cairo, double red, double green, double blue, double alpha))                                \
    X(void, cairo_rectangle, (void *cairo, double x, double y, double width, double height))                                          \
    X(void, cairo_fill, (void *cairo))                                                                                                \
    X(void, cairo_save, (void *cairo))                                                                                                \
    X(void, cairo_restore, (void *cairo))                                                                                             \
    X(void, cairo_translate, (void *cairo, double x, double y))                                                                       \
    X(void, cairo_scale, (void *cairo, double x, double y))                                                                           \
    X(void, cairo_move_to, (void *cairo, double x, double y))                                                                         \
    X(void *, pango_cairo_create_layout, (void *cairo))                                                                               \
    X(void, pango_cairo_show_layout, (void *cairo, void *layout))                                                                     \
    X(void, pango_layout_set_text, (void *layout, const char *text, int length))                                                      \
    X(void, pango_layout_set_markup, (void *layout, const char *text, int length))                                                    \
    X(void, pango_layout_set_single_paragraph_mode, (void *layout, int is_set))                                                       \
    X(void, pango_layout_set_font_description, (void *layout, const void *description))                                               \
    X(void, pango_layout_get_size, (void *layout, int *width, int *height))                                                           \
    X(int, pango_layout_get_baseline, (void *layout))                                                                                 \
    X(int, pango_layout_get_unknown_glyphs_count, (void *layout))                                                                     \
    X(void *, pango_font_description_from_string, (const char *text))                                                                 \
    X(void, pango_font_description_set_absolute_size, (void *description, double size))                                               \
    X(void, pango_font_description_free, (void *description))                                                                         \
    X(void, g_object_unref, (void *object))

#endif
