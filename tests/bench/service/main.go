// A synchronous shop on PostgreSQL, as a back-end developer would write it: net/http, a pool of
// connections, one PL/pgSQL call and so one transaction an order, the answer when it is committed.
// It is the reference that firstcome is measured against, with the same paths, bodies and facts
// kept (schema.sql), and is meant to be as fast as this design goes:
//
//   - one round trip a command, on prepared statements and in binary (pgx caches both)
//   - rows locked in one order and the contended ones last, so that there is no deadlock and little
//     waiting
//   - ids ordered by time, no foreign key on the hot path unless asked for (schema.sql)
//   - a coupon known to be sold out is answered from memory
//
// What it does not do, in its favour: nobody publishes the events of its outbox, a refused command
// leaves no row, and it knows no shipments, cancellations or catalogue.
//
//	../go_build service OUT; OUT -listen 127.0.0.1:PORT -dsn 'host=… dbname=…' -pool N
//
// Waits for the database to answer, then for requests (GET /readyz says so). On SIGTERM it finishes
// what it has begun and prints one line of JSON.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"../serving"
)

// The heap is a few megabytes: letting it grow to five times what lives, not twice, costs nothing
// and saves three of four collections.
const heapGrowth = 400

// Of 8, 16, 32 and 64 connections what did best for 32 clients on two processors: 3,860, 4,280, 3,880
// and 3,940 orders a second.
const poolUsual = 16

type served struct {
	next  http.Handler
	count int64
}

func (s *served) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	atomic.AddInt64(&s.count, 1)
	s.next.ServeHTTP(w, r)
}

// User and system time of this process.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func run() error {
	listen := flag.String("listen", "127.0.0.1:8080", "where to listen")
	dsn := flag.String("dsn", "", "the database, as libpq has it")
	pool := flag.Int("pool", poolUsual, "connections to the database")
	flag.Parse()
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(heapGrowth)
	}
	store, err := openStore(*dsn, int32(*pool))
	if err != nil {
		return err
	}
	defer store.close()
	handler := &served{next: newShop(store)}
	began := time.Now()
	if err := serving.Until(*listen, handler); err != nil {
		return err
	}
	seconds := time.Since(began).Seconds()
	count := atomic.LoadInt64(&handler.count)
	fmt.Printf(`{"name":"service","requests":%d,"per_s":%.0f,"seconds":%.3f,"cpu_s":%.3f}`+"\n",
		count, float64(count)/seconds, seconds, cpuSeconds())
	return nil
}

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("service: ", err)
	}
}
