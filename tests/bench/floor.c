/* floor: what a broadcast costs when nothing else is done.
 *
 *   floor [--port P] [--sync FILE] [--coalesce]
 *
 * One thread, epoll, loopback. A GET opens a viewer: chunked Server-Sent Events, or WebSocket when
 * it asks for an upgrade. The body of any other request becomes one event, written to every viewer
 * with one send() each, and is then answered with 204 (the other way round with --coalesce).
 *
 *   --port P      0 (the default) takes any free one; the port is printed as the first line
 *   --sync FILE   before it is broadcast, an event is written to FILE and fdatasync()ed, as a
 *                 durable server must; with --coalesce once for all that came together
 *   --coalesce    all events that arrive in one turn of the loop leave in one send() per viewer
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SSE, SOCKET, WIRES };
enum { MOST_EVENTS = 1024, PAGE = 4096, PAGES = 1000, ROOM = 1 << 13 };

/* Everything ever said on one kind of wire. A viewer is a position in it. */
typedef struct {
    char *bytes;
    size_t end, room;
} Log;

typedef struct Connection {
    int fd, wire;        /* wire: -1 until it has become a viewer */
    int place;           /* among the viewers */
    size_t at;           /* what it has been sent of its log */
    char *request;       /* what has come of a request, ROOM bytes; none for viewers */
    size_t got;
} Connection;

static Log logs[WIRES];
static Connection **viewers;
static int viewer_count, viewer_room, loop, coalesce, journal = -1;
static off_t journal_at;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void append(Log *log, const void *data, size_t size) {
    if (log->end + size > log->room) {
        log->room = (log->end + size) * 2;
        if (!(log->bytes = realloc(log->bytes, log->room))) die("memory");
    }
    memcpy(log->bytes + log->end, data, size);
    log->end += size;
}

/* One event in the words of both wires. */
static void say(const char *body, size_t size) {
    char head[32];
    size_t frame = strlen("data: ") + size + strlen("\n\n");
    append(&logs[SSE], head, (size_t)sprintf(head, "%zx\r\ndata: ", frame));
    append(&logs[SSE], body, size);
    append(&logs[SSE], "\n\n\r\n", 4);

    unsigned char start[4] = {0x81, (unsigned char)size};
    if (size > 125) {
        start[1] = 126;
        start[2] = (unsigned char)(size >> 8);
        start[3] = (unsigned char)size;
    }
    append(&logs[SOCKET], start, size > 125 ? 4 : 2);
    append(&logs[SOCKET], body, size);
}

/* One page over and over in a file of fixed size, as a write-ahead log is written. */
static void keep(void) {
    static char page[PAGE];
    if (journal < 0) return;
    if (pwrite(journal, page, PAGE, journal_at) != PAGE || fdatasync(journal)) die("--sync");
    journal_at = (journal_at + PAGE) % (PAGE * PAGES);
}

static void part(Connection *it) {
    if (it->wire >= 0) {
        viewers[it->place] = viewers[--viewer_count];
        viewers[it->place]->place = it->place;
    }
    close(it->fd);
    free(it->request);
    free(it);
}

/* The rest follows when the socket has room again. */
static void serve(Connection *viewer) {
    Log *log = &logs[viewer->wire];
    if (viewer->at == log->end) return;
    ssize_t sent = send(viewer->fd, log->bytes + viewer->at, log->end - viewer->at, MSG_NOSIGNAL);
    if (sent > 0) viewer->at += (size_t)sent;
}

static void broadcast(void) {
    for (int i = 0; i < viewer_count; i++) serve(viewers[i]);
}

static void answer(Connection *it, const char *text) {
    if (send(it->fd, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
        die("send");
}

static void open_viewer(Connection *it) {
    /* The tool does not look at the accept key, so it is not computed. */
    static const char upgrade[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Accept: -\r\n\r\n";
    static const char stream[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                 "Transfer-Encoding: chunked\r\n\r\n";
    it->wire = strcasestr(it->request, "upgrade: websocket") ? SOCKET : SSE;
    answer(it, it->wire == SOCKET ? upgrade : stream);
    it->at = logs[it->wire].end;
    free(it->request);
    it->request = NULL;
    if (viewer_count == viewer_room) {
        viewer_room = viewer_room * 2 + 1024;
        if (!(viewers = realloc(viewers, sizeof *viewers * (size_t)viewer_room))) die("memory");
    }
    it->place = viewer_count;
    viewers[viewer_count++] = it;
}

/* Whether more of them may be there; `waiting` are to be answered when all have come. */
static int take_request(Connection *it, Connection **waiting, int *count) {
    it->request[it->got] = 0;
    char *body = strstr(it->request, "\r\n\r\n");
    if (!body) return 0;
    body += 4;
    if (!strncmp(it->request, "GET ", 4)) {
        open_viewer(it);
        return 0;
    }
    const char *field = strcasestr(it->request, "\r\ncontent-length:");
    size_t size = field && field < body ? strtoul(field + 17, NULL, 10) : 0;
    size_t whole = (size_t)(body - it->request) + size;
    if (it->got < whole) return 0;
    say(body, size);
    memmove(it->request, it->request + whole, it->got -= whole);
    if (coalesce) {
        waiting[(*count)++] = it;
        return 0;
    }
    keep();
    broadcast();
    answer(it, "HTTP/1.1 204 No Content\r\n\r\n");
    return it->got > 0;
}

static int take(Connection *it, Connection **waiting, int *count) {
    char nothing[512];
    char *to = it->request ? it->request + it->got : nothing;
    size_t room = it->request ? ROOM - 1 - it->got : sizeof nothing;
    ssize_t n = recv(it->fd, to, room, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) return 0;
    if (n > 0 && it->request) {
        it->got += (size_t)n;
        while (it->request && take_request(it, waiting, count)) {}
    }
    return 1;
}

static void welcome(int listener) {
    int fd, yes = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        Connection *it = calloc(1, sizeof *it);
        if (!it || !(it->request = malloc(ROOM))) die("memory");
        it->fd = fd;
        it->wire = -1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct epoll_event wish = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.ptr = it}};
        if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &wish)) die("epoll");
    }
    if (errno != EAGAIN && errno != ECONNABORTED) die("accept");
}

static void turn(int listener) {
    struct epoll_event ready[MOST_EVENTS];
    Connection *waiting[MOST_EVENTS];
    int waiting_count = 0, count = epoll_wait(loop, ready, MOST_EVENTS, -1);
    for (int i = 0; i < count; i++) {
        Connection *it = ready[i].data.ptr;
        if (!it) {
            welcome(listener);
        } else if ((ready[i].events & EPOLLIN) && !take(it, waiting, &waiting_count)) {
            part(it);
        } else if ((ready[i].events & EPOLLOUT) && it->wire >= 0) {
            serve(it);
        }
    }
    if (!waiting_count) return;
    keep();
    for (int i = 0; i < waiting_count; i++) answer(waiting[i], "HTTP/1.1 204 No Content\r\n\r\n");
    broadcast();
}

static int listen_on(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 4096)) die("listen");
    getsockname(fd, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'}, {"sync", 1, 0, 's'}, {"coalesce", 0, 0, 'c'}, {0, 0, 0, 0}};
    int option, port = 0;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'p') port = atoi(optarg);
        else if (option == 'c') coalesce = 1;
        else if (option != 's') return 2;
        else if ((journal = open(optarg, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) < 0) die(optarg);
    }
    if (journal >= 0 && posix_fallocate(journal, 0, PAGE * PAGES)) die("--sync");
    loop = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on(port);
    struct epoll_event wish = {EPOLLIN, {.ptr = NULL}};
    if (epoll_ctl(loop, EPOLL_CTL_ADD, listener, &wish)) die("epoll");
    for (;;) turn(listener);
}
