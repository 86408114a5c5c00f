#include <curl/curl.h>

/* libcurl's settings take a variable number of arguments, which Swift can not pass. The names
   stand in parentheses because macros of the same names check types. */

typedef size_t (*mink_curl_writer)(char *data, size_t size, size_t count, void *target);

static inline CURLcode mink_curl_set_number(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode mink_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode mink_curl_set_list(
    CURL *handle, CURLoption option, struct curl_slist *value) {
  return (curl_easy_setopt)(handle, option, value);
}

/* The body is copied. */
static inline CURLcode mink_curl_set_body(CURL *handle, const void *bytes, curl_off_t count) {
  CURLcode code = (curl_easy_setopt)(handle, CURLOPT_POSTFIELDSIZE_LARGE, count);
  return code ? code : (curl_easy_setopt)(handle, CURLOPT_COPYPOSTFIELDS, bytes);
}

/* Sends the pieces of the answer's body, and each line of its head, to functions. */
static inline CURLcode mink_curl_set_writers(
    CURL *handle, mink_curl_writer body, mink_curl_writer head, void *target) {
  (curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, body);
  (curl_easy_setopt)(handle, CURLOPT_WRITEDATA, target);
  (curl_easy_setopt)(handle, CURLOPT_HEADERFUNCTION, head);
  return (curl_easy_setopt)(handle, CURLOPT_HEADERDATA, target);
}

/* Lets a function open each socket, which sees the address that is about to be called. */
static inline CURLcode mink_curl_set_opener(
    CURL *handle, curl_opensocket_callback opener, void *target) {
  (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, opener);
  return (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETDATA, target);
}

static inline CURLcode mink_curl_set_private(CURL *handle, void *value) {
  return (curl_easy_setopt)(handle, CURLOPT_PRIVATE, value);
}

static inline CURLcode mink_curl_get_number(CURL *handle, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLMcode mink_curl_multi_set_number(
    CURLM *handle, CURLMoption option, long value) {
  return (curl_multi_setopt)(handle, option, value);
}
