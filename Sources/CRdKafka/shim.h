#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

/* The arguments of a message stand in a union with macros around it, which Swift can not write. */

/* Queues a copy of a message. With any error the headers stay with the caller. */
static inline rd_kafka_resp_err_t mink_kafka_produce(
    rd_kafka_t *client, const char *topic, const void *key, size_t key_size, const void *body,
    size_t body_size, rd_kafka_headers_t *headers, void *opaque) {
  rd_kafka_vu_t parts[6];
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = topic;
  parts[1].vtype = RD_KAFKA_VTYPE_KEY;
  parts[1].u.mem.ptr = (void *)key;
  parts[1].u.mem.size = key_size;
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem.ptr = (void *)body;
  parts[2].u.mem.size = body_size;
  parts[3].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[3].u.headers = headers;
  parts[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[4].u.i = RD_KAFKA_MSG_F_COPY;
  parts[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[5].u.ptr = opaque;
  rd_kafka_error_t *error = rd_kafka_produceva(client, parts, 6);
  if (!error) return RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  return code;
}
