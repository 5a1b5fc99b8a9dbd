#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <sys/prctl.h>

// Enqueues a record; what takes a variable number of arguments, Swift can't call. The value and
// the key are copied. On success the headers, which may be NULL, belong to the library.
static inline rd_kafka_resp_err_t fairfill_produce(
    rd_kafka_t *client, rd_kafka_topic_t *topic, int32_t partition, const void *key,
    size_t key_count, const void *value, size_t value_count, rd_kafka_headers_t *headers,
    void *opaque) {
    if (headers == NULL) {
        int failed = rd_kafka_produce(
            topic, partition, RD_KAFKA_MSG_F_COPY, (void *)value, value_count, key, key_count,
            opaque);
        return failed ? rd_kafka_last_error() : RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    return rd_kafka_producev(
        client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_VALUE((void *)value, value_count), RD_KAFKA_V_KEY(key, key_count),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
}

// The same for a record that keeps the time that another log gave it, in milliseconds.
static inline rd_kafka_resp_err_t fairfill_produce_at(
    rd_kafka_t *client, rd_kafka_topic_t *topic, int32_t partition, const void *key,
    size_t key_count, const void *value, size_t value_count, rd_kafka_headers_t *headers,
    int64_t time, void *opaque) {
    if (headers == NULL) {
        return rd_kafka_producev(
            client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_VALUE((void *)value, value_count), RD_KAFKA_V_KEY(key, key_count),
            RD_KAFKA_V_TIMESTAMP(time), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
    }
    return rd_kafka_producev(
        client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE((void *)value, value_count),
        RD_KAFKA_V_KEY(key, key_count), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_TIMESTAMP(time),
        RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
}

// A client, whose threads the kernel may wake so many nanoseconds later than they ask for where
// only time wakes them. See prctl(2), PR_SET_TIMERSLACK: threads inherit it from the one that starts
// them.
static inline rd_kafka_t *fairfill_new(
    rd_kafka_type_t type, rd_kafka_conf_t *configuration, unsigned long slack, char *words,
    size_t words_count) {
    int own = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
    prctl(PR_SET_TIMERSLACK, slack, 0, 0, 0);
    rd_kafka_t *client = rd_kafka_new(type, configuration, words, words_count);
    if (own > 0) prctl(PR_SET_TIMERSLACK, (unsigned long)own, 0, 0, 0);
    return client;
}
