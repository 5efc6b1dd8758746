// An ingress as a back-end developer would write it: net/http and the usual AMQP client, one durable
// message an order to a quorum queue, 202 once the broker has confirmed it. It is the reference that
// accepting is measured against: it checks nothing, knows nobody, and is asked by the same bytes.
// (1, 4, 16 and 64 channels, and 1, 4 and 16 queues, make no difference on two processors.)
//
//	../go_build enqueue OUT; OUT -listen 127.0.0.1:PORT -url amqp://… -queues N -channels N
//
// The queues enqueue.0 … are emptied by nobody: they are deleted at the end (SIGTERM), when one line
// of JSON is printed. GET /readyz says when it is ready.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"io"
	"log"
	"net/http"
	"sync/atomic"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"../serving"
)

const bodyBytesMax = 64 << 10

type ingress struct {
	queues   uint32
	channels []*amqp.Channel
	next     uint32
	accepted int64
}

func queueName(n int) string { return fmt.Sprintf("enqueue.%d", n) }

func open(url string, queues, channels int) (*amqp.Connection, *ingress, error) {
	connection, err := amqp.Dial(url)
	if err != nil {
		return nil, nil, err
	}
	in := &ingress{queues: uint32(queues)}
	for i := 0; i < channels; i++ {
		channel, err := connection.Channel()
		if err == nil {
			err = channel.Confirm(false)
		}
		if err != nil {
			return nil, nil, err
		}
		in.channels = append(in.channels, channel)
	}
	for i := 0; i < queues; i++ {
		kind := amqp.Table{"x-queue-type": "quorum"}
		if _, err := in.channels[0].QueueDeclare(queueName(i), true, false, false, false, kind); err != nil {
			return nil, nil, err
		}
	}
	return connection, in, nil
}

func (in *ingress) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		w.WriteHeader(http.StatusOK)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
	if err != nil || !json.Valid(body) {
		http.Error(w, "the body is not JSON", http.StatusBadRequest)
		return
	}
	number := atomic.AddUint32(&in.next, 1)
	channel := in.channels[number%uint32(len(in.channels))]
	queue := crc32.ChecksumIEEE([]byte(r.Header.Get("X-User-Id"))) % in.queues
	confirm, err := channel.PublishWithDeferredConfirmWithContext(r.Context(), "",
		queueName(int(queue)), true, false, amqp.Publishing{
			ContentType: "application/json", DeliveryMode: amqp.Persistent,
			MessageId: fmt.Sprintf("%08x", number), Body: body,
		})
	if err != nil || !confirm.Wait() {
		http.Error(w, "the broker would not have it", http.StatusServiceUnavailable)
		return
	}
	atomic.AddInt64(&in.accepted, 1)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(w, `{"command_id":"%08x-0000-7000-8000-000000000000","state":"accepted"}`, number)
}

func run() error {
	listen := flag.String("listen", "127.0.0.1:8080", "where to listen")
	url := flag.String("url", "", "RabbitMQ")
	queues := flag.Int("queues", 1, "quorum queues")
	channels := flag.Int("channels", 16, "channels of the one connection")
	flag.Parse()
	connection, in, err := open(*url, *queues, *channels)
	if err != nil {
		return err
	}
	defer connection.Close()
	began := time.Now()
	err = serving.Until(*listen, in)
	for i := 0; i < *queues; i++ {
		if _, gone := in.channels[0].QueueDelete(queueName(i), false, false, false); gone != nil {
			log.Print("enqueue: ", gone)
		}
	}
	seconds := time.Since(began).Seconds()
	fmt.Printf(`{"name":"enqueue","accepted":%d,"per_s":%.0f,"seconds":%.3f}`+"\n", in.accepted,
		float64(in.accepted)/seconds, seconds)
	return err
}

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("enqueue: ", err)
	}
}
