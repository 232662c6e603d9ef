// Starts a program again and again, and kills it with SIGKILL, each time after another while.
// usage: cut FILE TIMES LEAST MOST COMMAND [ARGUMENT]...     FILE gets the moments in nanoseconds of CLOCK_MONOTONIC; LEAST and MOST are ms
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void pause_for(unsigned long long nanoseconds) {
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    nanosleep(&time, NULL);
}

int main(int count, char **arguments) {
    if (count < 6) return 2;
    FILE *file = fopen(arguments[1], "w");
    unsigned long long least = strtoull(arguments[3], NULL, 10) * 1000000, most = strtoull(arguments[4], NULL, 10) * 1000000;
    srand48(1);
    for (long times = strtol(arguments[2], NULL, 10); file && times > 0; times--) {
        pid_t process = fork();
        if (process == 0) {
            execv(arguments[5], arguments + 5);
            _exit(127);
        }
        pause_for(least + (unsigned long long)(drand48() * (most - least)));
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        int status;
        if (process < 0 || kill(process, SIGKILL) || waitpid(process, &status, 0) != process) return 1;
        if (!WIFSIGNALED(status)) {
            fprintf(stderr, "cut: %s had ended by itself\n", arguments[5]);
            return 1;
        }
        fprintf(file, "%lld\n", now.tv_sec * 1000000000ll + now.tv_nsec);
        // What it left behind shows meanwhile.
        pause_for(300000000);
    }
    return !file || fclose(file) != 0;
}
