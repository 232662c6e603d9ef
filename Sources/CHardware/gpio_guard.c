// A process of its own that holds output lines, too, and sets them inactive when the program has died.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/gpio.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gpio_internal.h"

enum { MOST_GROUPS = 64 };

// What the program says to the guard; each is answered by an error number. A group that is added comes with its descriptor.
struct message {
    uint32_t id;
    bool is_added;
    uint8_t line_count, state_count;
    uint64_t states[PL_GPIO_MOST_STATES];
};

// MARK: In the guard, which may call what is safe after a fork of a program with threads, and nothing else.

struct group {
    struct message lines;
    int descriptor; // 0 where there is none
};

static void set_inactive(const struct group *group) {
    for (unsigned i = 0; i < group->lines.state_count; i++) {
        uint64_t state = group->lines.states[i];
        struct gpio_v2_line_values values = {.bits = state, .mask = ~0ull >> (64 - group->lines.line_count)};
        if (ioctl(group->descriptor, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0) continue;
        // A request of libgpiod 1.
        struct gpiohandle_data levels = {0};
        for (unsigned line = 0; line < group->lines.line_count; line++) levels.values[line] = state >> line & 1;
        ioctl(group->descriptor, GPIOHANDLE_SET_LINE_VALUES_IOCTL, &levels);
    }
}

static int32_t handle(struct group groups[MOST_GROUPS], const struct message *message, int descriptor) {
    for (unsigned i = 0; i < MOST_GROUPS; i++) {
        struct group *group = &groups[i];
        if (message->is_added && group->descriptor == 0 && descriptor > 0) {
            *group = (struct group){.lines = *message, .descriptor = descriptor};
            return 0;
        }
        if (!message->is_added && group->descriptor != 0 && group->lines.id == message->id) {
            close(group->descriptor);
            group->descriptor = 0;
            return 0;
        }
    }
    if (descriptor > 0) close(descriptor);
    return message->is_added ? ENOSPC : ENOENT;
}

// A message and the descriptor that came with it. False when the program is gone.
static bool receive(int program, struct message *message, int *descriptor) {
    struct iovec part = {.iov_base = message, .iov_len = sizeof *message};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr envelope = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    if (recvmsg(program, &envelope, 0) != sizeof *message) return false;
    struct cmsghdr *header = CMSG_FIRSTHDR(&envelope);
    *descriptor = 0;
    if (header && header->cmsg_type == SCM_RIGHTS) memcpy(descriptor, CMSG_DATA(header), sizeof(int));
    return true;
}

static _Noreturn void stand_guard(int program) {
    // Whoever ends the program asks its whole process group, or its whole control group, to end: the guard does so by itself.
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setsid();
    prctl(PR_SET_NAME, "platen-guard");
    dup2(program, 0);
    close_range(1, ~0u, 0);
    if (chdir("/")) {} // so that no file system is kept in use
    static struct group groups[MOST_GROUPS];
    struct message message;
    int descriptor;
    while (receive(0, &message, &descriptor)) {
        int32_t status = handle(groups, &message, descriptor);
        send(0, &status, sizeof status, MSG_NOSIGNAL);
    }
    for (unsigned i = 0; i < MOST_GROUPS; i++)
        if (groups[i].descriptor != 0) set_inactive(&groups[i]);
    _exit(0);
}

// MARK: In the program.

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int guard = -1; // the socket to it
static pid_t process;
static uint32_t last_id;

static int start(void) {
    if (guard >= 0) return 0;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) return errno;
    process = fork();
    if (process == 0) stand_guard(ends[1]);
    int error = process < 0 ? errno : 0;
    close(ends[1]);
    if (error) {
        close(ends[0]);
        return error;
    }
    guard = ends[0];
    return 0;
}

// Sends a message, and waits for the answer.
static int tell(const struct message *message, int descriptor) {
    struct iovec part = {.iov_base = (void *)message, .iov_len = sizeof *message};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr envelope = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        envelope.msg_control = &control;
        envelope.msg_controllen = sizeof control;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(int));
    }
    ssize_t count;
    int32_t status;
    while ((count = sendmsg(guard, &envelope, MSG_NOSIGNAL)) < 0 && errno == EINTR) {}
    if (count >= 0)
        while ((count = recv(guard, &status, sizeof status, 0)) < 0 && errno == EINTR) {}
    if (count == sizeof status) return status;
    // Somebody has killed it. The next one begins anew.
    close(guard);
    guard = -1;
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    return EPIPE;
}

int pl_gpio_start_guard(void) {
    pthread_mutex_lock(&mutex);
    int error = start();
    pthread_mutex_unlock(&mutex);
    return error;
}

int pl_gpio_guard(pl_gpio_lines *lines, const uint64_t *states, size_t count) {
    if (!lines->settings.is_output || lines->guard_id || count > PL_GPIO_MOST_STATES) return EINVAL;
    int descriptor = pl_gpio_request_descriptor(lines);
    if (descriptor < 0) return ENOTSUP;
    struct message message = {.is_added = true, .line_count = (uint8_t)lines->count, .state_count = (uint8_t)count};
    memcpy(message.states, states, count * sizeof *states);
    pthread_mutex_lock(&mutex);
    int error = start();
    message.id = ++last_id;
    if (!error) error = tell(&message, descriptor);
    if (!error) lines->guard_id = message.id;
    pthread_mutex_unlock(&mutex);
    return error;
}

void pl_gpio_unguard(pl_gpio_lines *lines) {
    if (!lines->guard_id) return;
    struct message message = {.id = lines->guard_id};
    pthread_mutex_lock(&mutex);
    if (guard >= 0) tell(&message, -1);
    pthread_mutex_unlock(&mutex);
    lines->guard_id = 0;
}
