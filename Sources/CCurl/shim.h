#pragma once
#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Swift can't call functions with a variable number of arguments. These set one option of each
// kind; libcurl checks that the option is known, not that its value is of the right kind.
static inline CURLcode fairfill_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode fairfill_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

// The text is copied.
static inline CURLcode fairfill_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode fairfill_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

typedef size_t (*fairfill_bytes_callback)(char *, size_t, size_t, void *);
typedef int (*fairfill_seek_callback)(void *, curl_off_t, int);
typedef int (*fairfill_begin_callback)(void *, char *, char *, int, int);
typedef int (*fairfill_close_callback)(void *, curl_socket_t);

static inline CURLcode fairfill_set_bytes_callback(
    CURL *easy, CURLoption option, fairfill_bytes_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}

static inline CURLcode fairfill_set_seek_callback(CURL *easy, fairfill_seek_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}

static inline CURLcode fairfill_set_begin_callback(CURL *easy, fairfill_begin_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode fairfill_set_close_callback(CURL *easy, fairfill_close_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

static inline CURLcode fairfill_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode fairfill_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode fairfill_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode fairfill_multi_set_callbacks(
    CURLM *multi, curl_socket_callback socket, curl_multi_timer_callback timer, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return code;
}

// The message of a finished transfer; its result stands in a union that Swift does not show.
static inline CURL *fairfill_next_done(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

// The socket that an event is about: the union has no name in Swift that all versions share.
static inline struct epoll_event fairfill_event(unsigned int events, int socket) {
    struct epoll_event event = {.events = events};
    event.data.fd = socket;
    return event;
}

static inline int fairfill_event_socket(const struct epoll_event *event) { return event->data.fd; }
