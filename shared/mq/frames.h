/*
 * Frames of AMQP 0-9-1 on their way out (section 4.2.3 of the specification), encoded one behind
 * another into one buffer, so that many messages leave with one send. Remembers whether a frame
 * was sent in part: nobody else may write to the socket then. This floor's own; sends nothing
 * itself and never blocks.
 */
#ifndef FC_MQ_FRAMES_H
#define FC_MQ_FRAMES_H

#include "mq/publisher.h"

struct mq_out {
    char *ptr;         /* the opener's memory */
    size_t size;       /* bytes of it */
    size_t begin;      /* the first byte that is not sent yet */
    size_t end;        /* behind the last byte written; begin == end: nothing waits */
    size_t frame_left; /* unsent bytes of a frame that was sent in part, else 0 */
    size_t frame_max;  /* bytes of a frame, as agreed with the broker */
};

void mq_out_init(struct mq_out *out, char *memory, size_t size, size_t frame_max);

/* Bytes that wait to be sent. */
size_t mq_out_pending(const struct mq_out *out);

/* True between the first and the last byte of a frame. */
bool mq_out_is_cut(const struct mq_out *out);

/* Appends one method; `decoded` is the library's struct for it. False, and nothing written, when
 * there is no room. */
FC_MUST_USE bool mq_out_put_method(struct mq_out *out, uint16_t channel, uint32_t method,
                                   const void *decoded);

/* Appends a heartbeat. False, and nothing written, when there is no room. */
FC_MUST_USE bool mq_out_put_heartbeat(struct mq_out *out);

/* Appends basic.publish, the content header and as many body frames as it takes. A mandatory
 * message carries `seq` as its correlation_id. False, and nothing written, when there is no room.*/
FC_MUST_USE bool mq_out_put_message(struct mq_out *out, uint16_t channel,
                                    const struct mq_message *message, uint64_t seq);

/* The socket took `count` of the pending bytes. */
void mq_out_sent(struct mq_out *out, size_t count);

/* The library's structs hold no const pointers though it only reads what we hand in. */
void *mq_unconst(const void *ptr);

#endif
