/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/sender-wire.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "geo/model/error.h"

#define EVENTS 512
#define READ_BYTES 16384
#define MAX_UNSETTLED 128
#define SETTLE_US (20 * G_USEC_PER_SEC)
#define SPARE_FILES 128 /* beside the lines: the store, its day files, the terminal */
#define RETRY_US (G_USEC_PER_SEC / 2)
#define MAX_DOUBLINGS 5 /* of that */
#define SWEEP_US (G_USEC_PER_SEC / 10)

typedef enum { CLOSED, WAITS, CONNECTS, UP, ENDS } State;

typedef struct {
    int fd;
    State state;
    bool wanted, settled, writes; /* writes: epoll is asked for EPOLLOUT */
    uint8_t failures;             /* in a row */
    uint8_t *unsaid;              /* owned; NULL while there is nothing */
    size_t n_unsaid;
    int64_t since_us; /* WAITS: not before; CONNECTS and UP: since */
} Line;

struct AppFeedSenderWire {
    int epoll;
    struct sockaddr_storage address;
    socklen_t n_address;
    Line *lines;
    size_t n_lines, n_unsettled;
    GArray *ending; /* uint32_t */
    uint32_t next;  /* where the search for lines to open goes on */
    bool some_wait; /* there is something to search for */
    int64_t swept_us;
    const AppFeedSenderWireManners *manners;
    gpointer user;
    AppFeedSenderWireCounts counts;
    uint8_t buffer[READ_BYTES];
};

static bool make_room(size_t n_lines, GError **error)
{
    struct rlimit limit;
    rlim_t wanted = n_lines + SPARE_FILES;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= wanted)
        return true;
    limit.rlim_cur = wanted;
    if (limit.rlim_max < wanted)
        limit.rlim_max = wanted; /* root may */
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return true;
    getrlimit(RLIMIT_NOFILE, &limit);
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                "%zu connections need %zu open files and this user has %zu: raise 'ulimit -Hn', or "
                "take fewer units",
                n_lines, (size_t)wanted, (size_t)limit.rlim_max);
    return false;
}

static bool look_up(AppFeedSenderWire *wire, const char *address, uint16_t port, GError **error)
{
    g_autoptr(GSocketConnectable) host = g_network_address_parse(address, port, error);
    if (!host)
        return false;
    g_autoptr(GSocketAddressEnumerator) each = g_socket_connectable_enumerate(host);
    g_autoptr(GSocketAddress) found = g_socket_address_enumerator_next(each, NULL, error);
    if (!found) {
        if (error && !*error)
            g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "'%s' has no address", address);
        return false;
    }
    wire->n_address = (socklen_t)g_socket_address_get_native_size(found);
    return g_socket_address_to_native(found, &wire->address, sizeof wire->address, error);
}

AppFeedSenderWire *app_feed_sender_wire_new(const char *address, uint16_t default_port,
                                            size_t n_lines, const AppFeedSenderWireManners *manners,
                                            gpointer user, GError **error)
{
    g_autoptr(AppFeedSenderWire) wire = g_new0(AppFeedSenderWire, 1);
    wire->epoll = -1;
    wire->ending = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    if (!make_room(n_lines, error) || !look_up(wire, address, default_port, error))
        return NULL;
    wire->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (wire->epoll < 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot watch sockets: %s", g_strerror(errno));
        return NULL;
    }
    wire->lines = g_new0(Line, n_lines);
    wire->n_lines = n_lines;
    wire->manners = manners;
    wire->user = user;
    for (size_t i = 0; i < n_lines; i++)
        wire->lines[i].fd = -1;
    return g_steal_pointer(&wire);
}

void app_feed_sender_wire_free(AppFeedSenderWire *wire)
{
    if (!wire)
        return;
    for (size_t i = 0; i < wire->n_lines; i++) {
        if (wire->lines[i].fd >= 0)
            close(wire->lines[i].fd);
        g_free(wire->lines[i].unsaid);
    }
    if (wire->epoll >= 0)
        close(wire->epoll);
    g_array_unref(wire->ending);
    g_free(wire->lines);
    g_free(wire);
}

/* ---- ends ---- */

static void end_soon(AppFeedSenderWire *wire, uint32_t line)
{
    wire->lines[line].state = ENDS;
    g_array_append_val(wire->ending, line);
}

static void unsettle(AppFeedSenderWire *wire, Line *one)
{
    if (!one->settled && one->fd >= 0)
        wire->n_unsettled--;
}

/* The descriptor goes, and with it what epoll knows of it. */
static void drop(AppFeedSenderWire *wire, Line *one)
{
    bool had_settled = one->settled;
    unsettle(wire, one);
    if (one->fd >= 0)
        close(one->fd);
    one->fd = -1;
    one->n_unsaid = 0;
    g_clear_pointer(&one->unsaid, g_free);
    one->settled = one->writes = false;
    /* A line that had settled comes back at once, one that does not later and later; each at its
     * own moment, so that a restarted feed is not met by all together. */
    one->since_us = g_get_monotonic_time();
    if (!had_settled) {
        int64_t wait_us = RETRY_US << one->failures;
        uint32_t scatter = (uint32_t)(one - wire->lines) * 2654435761u;
        one->since_us += wait_us / 2 + scatter % wait_us;
        one->failures = (uint8_t)MIN(one->failures + 1, MAX_DOUBLINGS);
    }
    one->state = one->wanted ? WAITS : CLOSED;
    wire->some_wait |= one->wanted;
}

static void end_lines(AppFeedSenderWire *wire)
{
    for (guint i = 0; i < wire->ending->len; i++) {
        uint32_t line = g_array_index(wire->ending, uint32_t, i);
        drop(wire, &wire->lines[line]);
        wire->manners->down(wire->user, line);
    }
    g_array_set_size(wire->ending, 0);
}

static void lose(AppFeedSenderWire *wire, uint32_t line)
{
    if (wire->lines[line].state != UP)
        return;
    wire->counts.lost++;
    end_soon(wire, line);
}

/* ---- beginnings ---- */

void app_feed_sender_wire_open(AppFeedSenderWire *wire, uint32_t line)
{
    Line *one = &wire->lines[line];
    one->wanted = true;
    if (one->state == CLOSED) {
        one->state = WAITS;
        one->since_us = 0;
        wire->some_wait = true;
    }
}

void app_feed_sender_wire_close(AppFeedSenderWire *wire, uint32_t line)
{
    Line *one = &wire->lines[line];
    one->wanted = false;
    if (one->state == UP)
        end_soon(wire, line);
    else if (one->state != ENDS)
        drop(wire, one);
}

void app_feed_sender_wire_hang_up(AppFeedSenderWire *wire, uint32_t line)
{
    if (wire->lines[line].state == UP)
        end_soon(wire, line);
}

void app_feed_sender_wire_settle(AppFeedSenderWire *wire, uint32_t line)
{
    Line *one = &wire->lines[line];
    unsettle(wire, one);
    one->settled = true;
    one->failures = 0;
}

static void fail(AppFeedSenderWire *wire, Line *one)
{
    wire->counts.failed++;
    drop(wire, one);
}

static void connect_line(AppFeedSenderWire *wire, uint32_t line)
{
    static const int on = 1;
    Line *one = &wire->lines[line];
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP, .data = {.u32 = line}};
    one->fd =
        socket(wire->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (one->fd < 0) {
        fail(wire, one);
        return;
    }
    wire->n_unsettled++;
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if ((connect(one->fd, (const struct sockaddr *)&wire->address, wire->n_address) < 0 &&
         errno != EINPROGRESS) ||
        epoll_ctl(wire->epoll, EPOLL_CTL_ADD, one->fd, &event) < 0) {
        fail(wire, one);
        return;
    }
    one->state = CONNECTS;
    one->writes = true;
    one->since_us = g_get_monotonic_time();
}

static void sweep(AppFeedSenderWire *wire, int64_t now_us)
{
    for (size_t i = 0; i < wire->n_lines; i++) {
        Line *one = &wire->lines[i];
        if (one->settled || now_us - one->since_us < SETTLE_US)
            continue;
        if (one->state == CONNECTS) {
            fail(wire, one);
        } else if (one->state == UP) {
            wire->counts.unsettled++;
            end_soon(wire, (uint32_t)i);
        }
    }
}

static void open_lines(AppFeedSenderWire *wire, int64_t now_us)
{
    size_t i = 0;
    bool some_wait = false;
    for (; wire->some_wait && i < wire->n_lines && wire->n_unsettled < MAX_UNSETTLED; i++) {
        uint32_t line = wire->next;
        wire->next = line + 1 < wire->n_lines ? line + 1 : 0;
        if (wire->lines[line].state == WAITS && wire->lines[line].since_us <= now_us)
            connect_line(wire, line);
        some_wait |= wire->lines[line].state == WAITS;
    }
    if (i == wire->n_lines)
        wire->some_wait = some_wait;
}

/* ---- bytes ---- */

static void watch(AppFeedSenderWire *wire, uint32_t line, bool writes)
{
    Line *one = &wire->lines[line];
    if (one->writes == writes)
        return;
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data = {.u32 = line}};
    if (writes)
        event.events |= EPOLLOUT;
    epoll_ctl(wire->epoll, EPOLL_CTL_MOD, one->fd, &event);
    one->writes = writes;
}

/* Bytes that were taken; -1: the line is dead. */
static ssize_t send_some(const Line *one, const uint8_t *bytes, size_t n)
{
    ssize_t done = send(one->fd, bytes, n, MSG_NOSIGNAL);
    if (done >= 0)
        return done;
    return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
}

void app_feed_sender_wire_say(AppFeedSenderWire *wire, uint32_t line, const uint8_t *bytes,
                              size_t n)
{
    Line *one = &wire->lines[line];
    if (one->state != UP)
        return;
    ssize_t done = one->n_unsaid > 0 ? 0 : send_some(one, bytes, n);
    if (done < 0) {
        lose(wire, line);
        return;
    }
    size_t rest = n - (size_t)done;
    if (rest == 0)
        return;
    one->unsaid = g_realloc(one->unsaid, one->n_unsaid + rest);
    memcpy(one->unsaid + one->n_unsaid, bytes + done, rest);
    one->n_unsaid += rest;
    watch(wire, line, true);
}

static void say_rest(AppFeedSenderWire *wire, uint32_t line)
{
    Line *one = &wire->lines[line];
    ssize_t done = send_some(one, one->unsaid, one->n_unsaid);
    if (done < 0) {
        lose(wire, line);
        return;
    }
    one->n_unsaid -= (size_t)done;
    memmove(one->unsaid, one->unsaid + done, one->n_unsaid);
    if (one->n_unsaid == 0) {
        g_clear_pointer(&one->unsaid, g_free);
        watch(wire, line, false);
    }
}

static void finish_connecting(AppFeedSenderWire *wire, uint32_t line)
{
    Line *one = &wire->lines[line];
    int problem = 0;
    socklen_t n = sizeof problem;
    getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &problem, &n);
    if (problem != 0) {
        fail(wire, one);
        return;
    }
    one->state = UP;
    one->since_us = g_get_monotonic_time();
    wire->counts.opened++;
    watch(wire, line, false);
    wire->manners->up(wire->user, line);
}

static void hear(AppFeedSenderWire *wire, uint32_t line)
{
    ssize_t n = recv(wire->lines[line].fd, wire->buffer, sizeof wire->buffer, 0);
    if (n > 0)
        wire->manners->heard(wire->user, line, wire->buffer, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        lose(wire, line);
}

static void take_event(AppFeedSenderWire *wire, const struct epoll_event *event)
{
    uint32_t line = event->data.u32;
    const Line *one = &wire->lines[line];
    if (one->state == CONNECTS && event->events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
        finish_connecting(wire, line);
    else if (one->state == UP && event->events & EPOLLOUT && one->n_unsaid > 0)
        say_rest(wire, line);
    if (one->state == UP && event->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        hear(wire, line);
}

void app_feed_sender_wire_turn(AppFeedSenderWire *wire)
{
    struct epoll_event events[EVENTS];
    int64_t now_us = g_get_monotonic_time();
    int n;
    if (now_us - wire->swept_us >= SWEEP_US) {
        wire->swept_us = now_us;
        sweep(wire, now_us);
    }
    do {
        end_lines(wire);
        open_lines(wire, now_us);
        n = epoll_wait(wire->epoll, events, EVENTS, 0);
        for (int i = 0; i < n; i++)
            take_event(wire, &events[i]);
    } while (n == EVENTS);
    end_lines(wire);
}

const AppFeedSenderWireCounts *app_feed_sender_wire_counts(const AppFeedSenderWire *wire)
{
    return &wire->counts;
}
