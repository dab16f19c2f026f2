/* fan: how fast a server hands one change to many viewers.
 *
 *   fan --port P --view PATH --to PATH --body TEXT [options]
 *
 * One thread, epoll, loopback. Opens viewers (Server-Sent Events or WebSocket), publishes changes
 * over keep-alive HTTP and times each one's arrival at every viewer. A change is known by the mark
 * ~NUMBER~ anywhere in what a viewer is sent, so the body must carry ~%d~ into the broadcast.
 * Prints one JSON object. Latencies count from the start of the request, with --rate from when it
 * was due.
 *
 *   --viewers N (100)    --transport sse|websocket     --at-once K (128)  viewers opening together
 *   --method M (POST)    --header 'K: V'  of changes, repeatable
 *   --to, --body         repeatable: each publisher has one of the paths and takes the bodies in
 *                        turn; %d in a body is the number of the change
 *   --events M (50)      --warm-up K (5)  changes before those that count
 *   --window W (1)       changes under way: not yet answered, or not yet at every viewer
 *   --rate R             R changes a second instead, whatever is under way
 *   --publishers P       connections that publish (as many as the window; 32 with a rate)
 *   --pid P              repeatable: the server's processes; their children count too
 *   --return 1           after the warm-up all viewers drop, the changes happen, and all come back
 *                        with their Last-Event-ID: how long until all are right?
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define TICK 100 /* nanoseconds: the unit in which arrivals are kept */
#define SETTLE (300 * SECOND / 1000)
#define PATIENCE (30 * SECOND) /* without any progress, and the run is over */
enum { MOST = 256, HEAD_ROOM = 2048, READ_ROOM = 1 << 18, ID_ROOM = 64 };

/* ---- what was asked ---------------------------------------------------------------------- */

static int port, viewer_count = 100, by_socket, at_once = 128, events = 50, warm_up = 5;
static int window = 1, publisher_count, rate, returning;
static const char *view_path = "/", *method = "POST", *transport = "sse";
static const char *paths[MOST], *bodies[MOST], *headers[MOST];
static int path_count, body_count, header_count, pids[MOST], pid_count;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

/* ---- the server's processes -------------------------------------------------------------- */

/* The kernel lists them; theirs are found in turn. */
static void add_children(void) {
    char path[64];
    for (int i = 0; i < pid_count; i++) {
        snprintf(path, sizeof path, "/proc/%d/task/%d/children", pids[i], pids[i]);
        FILE *file = fopen(path, "r");
        if (!file) errx(1, "no process %d", pids[i]);
        while (pid_count < MOST && fscanf(file, "%d", &pids[pid_count]) == 1) pid_count++;
        fclose(file);
    }
}

/* User and system time of all, in seconds; the kernel counts in hundredths. */
static double server_cpu(void) {
    char path[64];
    long ticks = 0, user, kernel;
    for (int i = 0; i < pid_count; i++) {
        snprintf(path, sizeof path, "/proc/%d/stat", pids[i]);
        FILE *file = fopen(path, "r");
        if (file && fscanf(file, "%*d (%*[^)]) %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %ld",
                           &user, &kernel) == 2)
            ticks += user + kernel;
        if (file) fclose(file);
    }
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

/* Memory that belongs to these processes alone, in bytes. */
static double server_memory(void) {
    char line[256];
    double kilobytes = 0, value;
    for (int i = 0; i < pid_count; i++) {
        snprintf(line, sizeof line, "/proc/%d/smaps_rollup", pids[i]);
        FILE *file = fopen(line, "r");
        while (file && fgets(line, sizeof line, file))
            if (sscanf(line, "Private_%*[^:]: %lf", &value) == 1) kilobytes += value;
        if (file) fclose(file);
    }
    return kilobytes * 1024;
}

/* ---- changes ----------------------------------------------------------------------------- */

typedef struct {
    int64_t start, answered; /* 0: not yet */
    int arrived, wanted;     /* viewers that have it, and that should */
} Event;

static Event *all;
static long total, finished; /* of `all`; finished since `publish` began */
static uint32_t *arrivals;   /* [event][viewer] ticks after its start; 0: not arrived */
static long deliveries, doubled, reordered, reads, refused;
static long right;       /* viewers that have the last change of all */
static int64_t progress; /* when something last came */
static int last_status, over; /* over: a viewer was let go, or there was no progress for too long */

static void finish_if_done(Event *event) {
    finished += event->answered && event->arrived >= event->wanted;
}

/* ---- viewers ----------------------------------------------------------------------------- */

enum { AWAY, CONNECTING, HEAD, PLAIN, SIZE, FRAME, PAYLOAD, CHUNK_END, LOST };

typedef struct {
    int fd, state;
    uint64_t left;      /* of the chunk or frame that is being read */
    long mark, highest; /* number in the mark being read, -1: none; highest event seen */
    int digits;         /* of that number */
    int skip;           /* the rest of a chunk's size line is of no interest */
    int count;          /* bytes in `frame`, the head of a WebSocket frame */
    unsigned char frame[10];
    int gathered;       /* bytes in `heads`: the answer's head, later what a ping says */
    char line[ID_ROOM]; /* of the stream, followed only with --return */
    int line_size;
} Viewer;

static Viewer *viewers;
static char (*heads)[HEAD_ROOM], (*last_ids)[ID_ROOM];
static int loop, opened, lost;

static void arrive(Viewer *viewer, long number, int64_t at) {
    long e = number - 1;
    if (e < 0 || e >= total || !all[e].start) return; /* not one of ours */
    Event *event = &all[e];
    uint32_t *cell = &arrivals[e * viewer_count + (viewer - viewers)];
    doubled += *cell > 0;
    if (*cell) return;
    *cell = at - event->start < TICK ? 1 : (uint32_t)((at - event->start) / TICK);
    deliveries++;
    progress = at;
    if (e > viewer->highest) {
        viewer->highest = e;
    } else if (event->answered && event->answered < all[viewer->highest].start) {
        reordered++; /* its request was over before the other's began */
    }
    if (e == total - 1) right++;
    if (++event->arrived == event->wanted) finish_if_done(event);
}

static void note_id(Viewer *viewer, const char *at, const char *end) {
    for (; at < end; at++) {
        if (*at != '\n') {
            if (viewer->line_size < ID_ROOM - 1) viewer->line[viewer->line_size++] = *at;
            continue;
        }
        viewer->line[viewer->line_size] = 0;
        if (!strncmp(viewer->line, "id: ", 4)) strcpy(last_ids[viewer - viewers], viewer->line + 4);
        viewer->line_size = 0;
    }
}

/* Look for marks in the next piece of what a viewer was sent. */
static void scan(Viewer *viewer, const char *at, const char *end, int64_t time) {
    if (returning) note_id(viewer, at, end);
    while (at < end) {
        if (viewer->mark < 0) {
            if (!(at = memchr(at, '~', (size_t)(end - at)))) return;
            at++;
            viewer->mark = viewer->digits = 0;
            continue;
        }
        char c = *at++;
        if (isdigit((unsigned char)c) && viewer->digits < 15) {
            viewer->mark = viewer->mark * 10 + c - '0';
            viewer->digits++;
        } else if (c != '~' || viewer->digits) { /* else this one may begin a mark, too */
            if (c == '~') arrive(viewer, viewer->mark, time);
            viewer->mark = -1;
        }
    }
}

static int status_of(const char *head) { return atoi(head + strlen("HTTP/1.1 ")); }

static void leave(Viewer *viewer, int state) {
    close(viewer->fd);
    viewer->state = state;
}

/* The server let go of it. */
static void lose(Viewer *viewer) {
    if (viewer->state <= HEAD) errx(1, "a viewer was cut off while it opened");
    leave(viewer, LOST);
    lost++;
    over = 1;
}

static void take_head(Viewer *viewer, char c) {
    char *head = heads[viewer - viewers];
    if (viewer->gathered == HEAD_ROOM - 1) errx(1, "a viewer got too long a head:\n%s", head);
    head[viewer->gathered++] = c;
    head[viewer->gathered] = 0;
    if (viewer->gathered < 4 || strcmp(head + viewer->gathered - 4, "\r\n\r\n")) return;
    if (status_of(head) != (by_socket ? 101 : 200)) errx(1, "a viewer got:\n%s", head);
    int chunked = strcasestr(head, "\r\ntransfer-encoding: chunked") != NULL;
    viewer->state = by_socket ? FRAME : chunked ? SIZE : PLAIN;
    opened++;
    progress = now();
}

/* One byte of a chunk's size line (RFC 9112 7.1); a size of 0 ends the stream. */
static void take_size(Viewer *viewer, char c) {
    if (c == '\n') {
        viewer->skip = 0;
        if (viewer->left) viewer->state = PAYLOAD;
        else lose(viewer);
    } else if (!viewer->skip && isxdigit((unsigned char)c)) {
        viewer->left = viewer->left * 16 + (uint64_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    } else {
        viewer->skip = 1;
    }
}

static void pong(Viewer *viewer) {
    unsigned char frame[6 + 125] = {0x8A, (unsigned char)(0x80 | viewer->gathered)}; /* mask 0 */
    memcpy(frame + 6, heads[viewer - viewers], (size_t)viewer->gathered);
    (void)!send(viewer->fd, frame, 6 + (size_t)viewer->gathered, MSG_NOSIGNAL);
}

static void end_frame(Viewer *viewer) {
    int opcode = viewer->frame[0] & 15;
    viewer->state = FRAME;
    viewer->count = 0;
    if (opcode == 9) pong(viewer);
    if (opcode == 8) lose(viewer);
}

/* One byte of a WebSocket frame's head (RFC 6455 5.2); a server's frames are not masked. */
static void take_frame(Viewer *viewer, char c) {
    viewer->frame[viewer->count++] = (unsigned char)c;
    if (viewer->count < 2) return;
    int size = viewer->frame[1] & 127, wide = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (viewer->count < 2 + wide) return;
    viewer->left = wide ? 0 : (uint64_t)size;
    for (int i = 0; i < wide; i++) viewer->left = viewer->left << 8 | viewer->frame[2 + i];
    viewer->gathered = 0;
    viewer->state = PAYLOAD;
    if (!viewer->left) end_frame(viewer);
}

static void take_payload(Viewer *viewer, const char *at, size_t size, int64_t time) {
    int control = by_socket && viewer->frame[0] & 8;
    for (size_t i = 0; control && i < size && viewer->gathered < 125; i++)
        heads[viewer - viewers][viewer->gathered++] = at[i];
    if (!control) scan(viewer, at, at + size, time);
    if (viewer->left -= size) return;
    if (by_socket) end_frame(viewer);
    else viewer->state = CHUNK_END;
}

static void decode(Viewer *viewer, const char *at, const char *end, int64_t time) {
    while (at < end && viewer->state != LOST) {
        size_t size = (size_t)(end - at);
        if (viewer->left < size) size = (size_t)viewer->left;
        switch (viewer->state) {
        case HEAD: take_head(viewer, *at++); break;
        case PLAIN: scan(viewer, at, end, time); return;
        case SIZE: take_size(viewer, *at++); break;
        case CHUNK_END: viewer->state = *at++ == '\n' ? SIZE : CHUNK_END; break;
        case FRAME: take_frame(viewer, *at++); break;
        case PAYLOAD: take_payload(viewer, at, size, time), at += size;
        }
    }
}

static void read_viewer(Viewer *viewer, int to_the_end) {
    static char room[READ_ROOM];
    ssize_t n;
    do {
        n = recv(viewer->fd, room, sizeof room, 0);
        if (n < 0 && errno == EAGAIN) return;
        if (n > 0) reads++, decode(viewer, room, room + n, now());
        else lose(viewer);
        /* Less than was asked for means it was all (epoll(7)), but for an end after it. */
    } while ((n == sizeof room || to_the_end) && viewer->state != LOST);
}

static void ask(Viewer *viewer) {
    char request[1024];
    const char *id = last_ids[viewer - viewers], *upgrade =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    int size = sprintf(request, "GET %.512s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s", view_path,
                       by_socket ? upgrade : "Accept: text/event-stream\r\n");
    size += sprintf(request + size, *id ? "Last-Event-ID: %s\r\n\r\n" : "%s\r\n", id);
    if (send(viewer->fd, request, (size_t)size, MSG_NOSIGNAL) != size) err(1, "cannot ask");
    viewer->state = HEAD;
}

/* A new connection to the server, with its number in the loop. */
static int dial(int flags, int64_t number, uint32_t wish) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0) err(1, "socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
        err(1, "connect to port %d", port);
    struct epoll_event event = {wish, {.u64 = (uint64_t)number}};
    if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event)) err(1, "epoll");
    return fd;
}

static void start_viewer(Viewer *viewer) {
    int fd = dial(SOCK_NONBLOCK, viewer - viewers, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    *viewer = (Viewer){.fd = fd, .state = CONNECTING, .mark = -1, .highest = -1};
}

/* ---- publishers -------------------------------------------------------------------------- */

typedef struct {
    int fd, turns, size; /* size of the answer so far */
    long event;          /* -1: idle */
    char answer[1 << 16];
} Publisher;

static Publisher *publishers;

static void dial_publisher(Publisher *it) {
    it->fd = dial(0, viewer_count + (it - publishers), EPOLLIN | EPOLLRDHUP);
    it->event = -1;
}

static void fill(char *to, size_t room, const char *text, long number) {
    size_t size = 0;
    for (; *text && size + 24 < room; text++) {
        if (strncmp(text, "%d", 2)) to[size++] = *text;
        else size += (size_t)sprintf(to + size, "%ld", number), text++;
    }
    to[size] = 0;
}

static void send_change(Publisher *it, long event, int64_t start) {
    char request[16384], body[8192];
    const char *path = paths[(it - publishers) % path_count];
    fill(body, sizeof body, bodies[it->turns++ % body_count], event + 1);
    int size = sprintf(request, "%.16s %.1024s HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path);
    for (int i = 0; i < header_count && size < 4096; i++)
        size += sprintf(request + size, "%.1024s\r\n", headers[i]);
    size += sprintf(request + size, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
    all[event].start = start;
    all[event].wanted = returning == 2 ? 0 : viewer_count;
    it->event = event;
    it->size = 0;
    if (send(it->fd, request, (size_t)size, MSG_NOSIGNAL) != size) err(1, "cannot publish");
}

static void read_publisher(Publisher *it) {
    ssize_t n = recv(it->fd, it->answer + it->size, sizeof it->answer - 1 - (size_t)it->size, 0);
    if (n <= 0) {
        if (it->event >= 0) errx(1, "the server hung up instead of answering");
        close(it->fd); /* it was idle for too long */
        dial_publisher(it);
        return;
    }
    it->answer[it->size += (int)n] = 0;
    const char *body = strstr(it->answer, "\r\n\r\n");
    const char *length = strcasestr(it->answer, "\r\ncontent-length:");
    if (!body || it->answer + it->size < body + 4 + (length ? atol(length + 17) : 0)) return;
    last_status = status_of(it->answer);
    if (last_status / 100 != 2) refused++;
    if (!length && last_status != 204) errx(1, "an answer has no length:\n%s", it->answer);
    Event *event = &all[it->event];
    event->answered = progress = now();
    it->event = -1;
    finish_if_done(event);
}

/* ---- what happens ------------------------------------------------------------------------ */

static void turn(int wait_ms) {
    struct epoll_event ready[1024];
    int count = epoll_wait(loop, ready, 1024, wait_ms);
    for (int i = 0; i < count; i++) {
        uint64_t who = ready[i].data.u64;
        if (who >= (uint64_t)viewer_count) {
            read_publisher(&publishers[who - (uint64_t)viewer_count]);
            continue;
        }
        Viewer *viewer = &viewers[who];
        if (viewer->state == CONNECTING && ready[i].events & EPOLLOUT) ask(viewer);
        if (ready[i].events & ~(uint32_t)EPOLLOUT && viewer->state != LOST)
            read_viewer(viewer, (ready[i].events & ~(uint32_t)(EPOLLIN | EPOLLOUT)) != 0);
    }
    if (now() - progress > PATIENCE) over = 1;
}

static void open_all(void) {
    progress = now();
    for (int next = 0; opened < viewer_count && !over; turn(100))
        while (next < viewer_count && next - opened < at_once) start_viewer(&viewers[next++]);
    if (opened < viewer_count) errx(1, "only %d of %d viewers could open", opened, viewer_count);
}

/* Until nothing has come for a while. */
static void settle(void) {
    for (int64_t quiet = now(); now() - quiet < SETTLE;) {
        long before = reads;
        turn(20);
        if (reads != before) quiet = now();
    }
}

static Publisher *idle_publisher(void) {
    static int next;
    for (int i = 0; i < publisher_count; i++) {
        Publisher *it = &publishers[next++ % publisher_count];
        if (it->event < 0) return it;
    }
    return NULL;
}

/* Publish a run of changes and wait until everyone has them; gives the seconds it took. */
static double publish(long first, long count) {
    int64_t began = progress = now(), due = began;
    Publisher *it;
    finished = 0;
    for (long sent = 0; finished < count && !over;) {
        while (sent < count && (rate ? due <= now() : sent - finished < window) &&
               (it = idle_publisher())) {
            send_change(it, first + sent++, rate ? due : now());
            if (rate) due = began + sent * SECOND / rate;
        }
        int64_t wait = rate && sent < count ? (due - now()) / 1000000 : 100;
        turn(wait < 0 ? 0 : wait > 100 ? 100 : (int)wait);
    }
    return (double)(now() - began) / SECOND;
}

/* All drop, changes happen, all come back at once; gives the seconds until all are right. */
static double come_back(void) {
    returning = 2;
    for (int i = 0; i < viewer_count && !over; i++) leave(&viewers[i], AWAY);
    opened = 0;
    publish(warm_up, events);
    int64_t began = now();
    open_all();
    while (right < viewer_count && !over) turn(100);
    double seconds = (double)(now() - began) / SECOND;
    settle();
    return seconds;
}

/* ---- the report -------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, long count, double share) {
    return count ? sorted[(long)(share * (double)(count - 1) + 0.5)] : 0;
}

static void spread(const char *name, double *values, long count, const char *after) {
    qsort(values, (size_t)count, sizeof *values, by_value);
    printf("\"%s\":{\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f}%s", name, quantile(values, count, .5),
           quantile(values, count, .99), quantile(values, count, 1), after);
}

/* Of each event the first, median, p99 and last viewer, and over the events their spread. */
static void latencies(void) {
    static const char *names[] = {"first", "median", "p99", "last", "answer"};
    static const double shares[] = {0, .5, .99, 1};
    double *found = calloc(5 * (size_t)events, sizeof *found), *answer = found + 4 * events;
    double *one = calloc((size_t)viewer_count + 1, sizeof *one);
    if (!found || !one) errx(1, "no memory");
    long count = 0, answers = 0, missing = 0;
    for (long e = warm_up; e < total; e++) {
        int size = 0;
        for (int v = 0; v < viewer_count; v++)
            if (arrivals[e * viewer_count + v])
                one[size++] = arrivals[e * viewer_count + v] * (TICK / 1e6);
        qsort(one, (size_t)size, sizeof *one, by_value);
        for (int k = 0; k < 4 && size; k++)
            found[k * events + count] = quantile(one, size, shares[k]);
        count += size > 0;
        missing += viewer_count - size;
        if (all[e].answered) answer[answers++] = (double)(all[e].answered - all[e].start) / 1e6;
    }
    printf("\"latency_ms\":{");
    for (int k = 0; k < 4; k++) spread(names[k], found + k * events, count, ",");
    spread("answer", answer, answers, "}");
    printf(",\"missing\":%ld", missing);
    free(found);
    free(one);
}

static double share(double amount, double of) { return of > 0 ? amount / of : 0; }

/* ---- the start --------------------------------------------------------------------------- */

static void understand(int argc, char **argv) {
    static const struct {
        const char *name;
        int *number, *count; /* count: may be repeated */
        const char **text;
    } known[] = {
        {"port", &port, 0, 0},             {"view", 0, 0, &view_path},
        {"viewers", &viewer_count, 0, 0},  {"transport", 0, 0, &transport},
        {"at-once", &at_once, 0, 0},       {"method", 0, 0, &method},
        {"events", &events, 0, 0},         {"header", 0, &header_count, headers},
        {"warm-up", &warm_up, 0, 0},       {"to", 0, &path_count, paths},
        {"window", &window, 0, 0},         {"body", 0, &body_count, bodies},
        {"rate", &rate, 0, 0},             {"publishers", &publisher_count, 0, 0},
        {"return", &returning, 0, 0},      {"pid", pids, &pid_count, 0},
        {0, 0, 0, 0},
    };
    for (int i = 1; i < argc; i += 2) {
        const char *name = strncmp(argv[i], "--", 2) ? "" : argv[i] + 2;
        int k = 0;
        while (known[k].name && strcmp(name, known[k].name)) k++;
        if (!known[k].name || i + 1 == argc) errx(1, "what is %s?", argv[i]);
        int place = known[k].count ? (*known[k].count)++ : 0;
        if (place == MOST) errx(1, "too many %s", argv[i]);
        if (known[k].number) known[k].number[place] = atoi(argv[i + 1]);
        else known[k].text[place] = argv[i + 1];
    }
    if (!port || !path_count || !body_count || events < 1 || window < 1 || viewer_count < 0)
        errx(1, "--port, --to and --body are needed, and something to do");
    by_socket = !strcmp(transport, "websocket");
    if (returning && (by_socket || !warm_up)) errx(1, "--return needs SSE and a warm-up");
    if (!publisher_count) publisher_count = rate ? 32 : window;
}

static void make_room(void) {
    total = warm_up + events;
    all = calloc((size_t)total, sizeof *all);
    viewers = calloc((size_t)viewer_count + 1, sizeof *viewers);
    heads = calloc((size_t)viewer_count + 1, sizeof *heads);
    last_ids = calloc((size_t)viewer_count + 1, sizeof *last_ids);
    publishers = calloc((size_t)publisher_count, sizeof *publishers);
    size_t cells = (size_t)total * (size_t)viewer_count + 1;
    arrivals = mmap(NULL, cells * sizeof *arrivals, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (!all || !viewers || !heads || !last_ids || !publishers || arrivals == MAP_FAILED)
        errx(1, "no memory");
    loop = epoll_create1(EPOLL_CLOEXEC);
}

int main(int argc, char **argv) {
    understand(argc, argv);
    make_room();
    add_children();

    double memory = server_memory(), cpu = server_cpu();
    int64_t began = now();
    open_all();
    double open_seconds = (double)(now() - began) / SECOND;
    settle();
    double open_cpu = server_cpu() - cpu, opened_memory = server_memory();

    for (int i = 0; i < publisher_count; i++) dial_publisher(&publishers[i]);
    publish(0, warm_up);
    settle();
    deliveries = doubled = reordered = reads = right = 0;
    cpu = server_cpu();
    double seconds = returning ? come_back() : publish(warm_up, events);
    cpu = server_cpu() - cpu;

    double n = viewer_count, count = (double)deliveries;
    printf("{\"viewers\":%d,\"events\":%d,\"seconds\":%.4f,\"open_seconds\":%.4f,"
           "\"open_cpu_us\":%.2f,\"private_bytes_per_viewer\":%.0f,"
           "\"private_bytes_per_viewer_at_end\":%.0f,",
           viewer_count, events, seconds, open_seconds, share(open_cpu * 1e6, n),
           share(opened_memory - memory, n), share(server_memory() - memory, n));
    printf("\"events_per_second\":%.2f,\"deliveries\":%ld,\"deliveries_per_second\":%.0f,"
           "\"cpu_seconds\":%.2f,\"cpu_us_per_delivery\":%.3f,\"reads_per_delivery\":%.3f,",
           share(events, seconds), deliveries, share(count, seconds), cpu, share(cpu * 1e6, count),
           share((double)reads, count));
    printf("\"doubled\":%ld,\"reordered\":%ld,\"lost\":%d,\"refused\":%ld,"
           "\"last_status\":%d,",
           doubled, reordered, lost, refused, last_status);
    latencies();
    printf("}\n");
    return 0;
}
