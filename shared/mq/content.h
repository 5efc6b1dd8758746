/*
 * Puts one channel's content together: a method that announces it (basic.deliver, basic.return),
 * its header, its body frames. Other channels' frames may come between them, this channel's may
 * not. Copies all it keeps, since the library's memory ends with the frame. This floor's own; no
 * I/O, no allocation.
 */
#ifndef FC_MQ_CONTENT_H
#define FC_MQ_CONTENT_H

#include "mq/consumer.h"

struct amqp_frame_t_;

enum mq_content_stage { MQ_CONTENT_IDLE, MQ_CONTENT_ANNOUNCED, MQ_CONTENT_BODY };

struct mq_content {
    enum mq_content_stage stage;
    struct mq_delivery delivery; /* `source` is the owner's; views into what is below */
    uint64_t correlation;        /* property correlation_id as a number, else 0 */
    uint64_t left;               /* bytes of the body that are still to come */
    char *body;                  /* the owner's memory */
    size_t body_size;            /* bytes of it; a longer body is cut to them */
    char exchange[MQ_TEXT_MAX];
    char routing_key[MQ_TEXT_MAX];
    char type[MQ_TEXT_MAX];
};

enum mq_content_step {
    MQ_CONTENT_MORE,     /* frames are missing */
    MQ_CONTENT_WHOLE,    /* `delivery` is complete until the next feed */
    MQ_CONTENT_MALFORMED /* frames out of order: the connection is of no use */
};

void mq_content_init(struct mq_content *content, char *body, size_t body_size);

/* Takes a header or body frame, or a deliver or return method; others are malformed here. */
FC_MUST_USE enum mq_content_step mq_content_feed(struct mq_content *content,
                                                 const struct amqp_frame_t_ *frame);

#endif
