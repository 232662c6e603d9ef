#ifndef PLATEN_KERNELS_H
#define PLATEN_KERNELS_H
#endif
