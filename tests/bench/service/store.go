package main

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4/pgxpool"
)

// How often a call is made again that PostgreSQL gave up for the sake of another.
const triesMax = 3

// For so long nobody asks the database whether a template is still sold out: its quantity may have
// been raised.
const soldOutFor = time.Second

type uuid [16]byte

// What a call came to: "done", or the problem's code.
type outcome struct {
	verdict string
	id      uuid
	amount  int64
	result  int64
}

// What is common to all commands; key is nil where the client gave none.
type command struct {
	user        int64
	key         *string
	fingerprint int64
}

type store struct {
	pool    *pgxpool.Pool
	soldOut sync.Map // template id -> time.Time, until when
}

// A command that has begun is finished, whether its client waits or not; statement_timeout bounds
// it. A context that can be cancelled would cost a goroutine a call.
var always = context.Background()

func openStore(dsn string, size int32) (*store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	config.MaxConns = size
	config.MinConns = size
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = "service"
	params["search_path"] = "service"
	params["statement_timeout"] = "10s"
	// Plans are cached while tables are still empty, and would scan them for ever.
	params["enable_seqscan"] = "off"
	// One plan is as good as another here; made anew for each call they are a third of its cost.
	params["plan_cache_mode"] = "force_generic_plan"
	pool, err := pgxpool.ConnectConfig(always, config)
	if err != nil {
		return nil, err
	}
	return &store{pool: pool}, nil
}

func (s *store) close() {
	s.pool.Close()
}

// A version 7 UUID: 48 bits of milliseconds, then chance, so that indexes grow at their end.
func newID() (id uuid, err error) {
	if _, err = rand.Read(id[6:]); err != nil {
		return id, err
	}
	ms := uint64(time.Now().UnixMilli())
	for i := 0; i < 6; i++ {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id, nil
}

// The refusals that come as errors, having undone what went before them; else "".
func refusal(err error) string {
	var said *pgconn.PgError
	if !errors.As(err, &said) {
		return ""
	}
	switch {
	case said.Code == "SV409":
		return said.Message
	case said.Code == "23505" && said.ConstraintName == "one_a_user":
		return "coupon_already_issued"
	}
	return ""
}

func worthAnotherTry(err error) bool {
	var said *pgconn.PgError
	return errors.As(err, &said) && (said.Code == "40001" || said.Code == "40P01")
}

// Calls a function of functions.sql, all of which answer alike.
func (s *store) call(sql string, args ...interface{}) (out outcome, err error) {
	for try := 0; try < triesMax; try++ {
		var id *[16]byte
		var amount, result *int64
		err = s.pool.QueryRow(always, sql, args...).Scan(&out.verdict, &id, &amount, &result)
		if err == nil {
			if out.verdict == "done" {
				out.id, out.amount, out.result = *id, *amount, *result
			}
			return out, nil
		}
		if code := refusal(err); code != "" {
			return outcome{verdict: code}, nil
		}
		if !worthAnotherTry(err) {
			break
		}
	}
	return out, err
}

// options ascending, each once.
func (s *store) placeOrder(c command, options []int64, quantities []int32) (outcome, error) {
	id, err := newID()
	if err != nil {
		return outcome{}, err
	}
	return s.call("select verdict, id, amount, result from order_place($1, $2, $3, $4, $5, $6)",
		[16]byte(id), c.user, c.key, c.fingerprint, options, quantities)
}

func (s *store) charge(c command, amount int64) (outcome, error) {
	id, err := newID()
	if err != nil {
		return outcome{}, err
	}
	return s.call("select verdict, id, amount, result from wallet_charge($1, $2, $3, $4, $5)",
		[16]byte(id), c.user, c.key, c.fingerprint, amount)
}

func (s *store) issueCoupon(c command, template int64) (outcome, error) {
	if until, ok := s.soldOut.Load(template); ok && c.key == nil {
		if time.Now().Before(until.(time.Time)) {
			return outcome{verdict: "coupon_sold_out"}, nil
		}
	}
	id, err := newID()
	if err != nil {
		return outcome{}, err
	}
	out, err := s.call("select verdict, id, amount, result from coupon_issue($1, $2, $3, $4, $5)",
		[16]byte(id), c.user, c.key, c.fingerprint, template)
	if err == nil && out.verdict == "coupon_sold_out" {
		s.soldOut.Store(template, time.Now().Add(soldOutFor))
	}
	return out, err
}

// Not found: ok is false.
func (s *store) balance(user int64) (balance int64, ok bool, err error) {
	rows, err := s.pool.Query(always, "select balance from wallet where user_id = $1", user)
	if err != nil {
		return 0, false, err
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(&balance); err != nil {
			return 0, false, err
		}
		ok = true
	}
	return balance, ok, rows.Err()
}

func (s *store) ready() error {
	return s.pool.Ping(always)
}
