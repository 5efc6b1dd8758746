package main

import (
	"encoding/json"
	"hash/fnv"
	"io"
	"net/http"
	"sort"
	"strconv"
	"strings"
)

// Bounds of what a client may send.
const (
	bodyBytesMax = 128 * 1024
	linesMax     = 2000
	quantityMax  = 1000000
	idMax        = 1 << 53
)

type shop struct {
	store *store
}

type line struct {
	OptionID int64 `json:"option_id"`
	Quantity int64 `json:"quantity"`
}

func newShop(s *store) http.Handler {
	shop := &shop{store: s}
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/orders", shop.orders)
	mux.HandleFunc("/v1/coupon-templates/", shop.templates)
	mux.HandleFunc("/v1/users/", shop.users)
	mux.HandleFunc("/readyz", shop.readyz)
	return mux
}

// "/v1/users/7/charges" with prefix "/v1/users/" and what "charges" is 7; 0 where it is not that.
func pathID(path, prefix, what string) int64 {
	rest := path[len(prefix):]
	at := strings.IndexByte(rest, '/')
	if at < 0 || rest[at+1:] != what {
		return 0
	}
	id, err := strconv.ParseInt(rest[:at], 10, 64)
	if err != nil || id >= idMax {
		return 0
	}
	return id
}

// Whom the gateway in front has let in; where it is not `user` the answer is given.
func mayActFor(w http.ResponseWriter, r *http.Request, user int64) bool {
	caller := r.Header.Get("X-User-Id")
	if caller == "" {
		problem(w, "unauthenticated")
		return false
	}
	id, err := strconv.ParseInt(caller, 10, 64)
	if err != nil || id != user {
		problem(w, "forbidden")
		return false
	}
	return true
}

// Reads a POST's body into it; false: the answer is given.
func readCommand(w http.ResponseWriter, r *http.Request, body interface{}) (c command, ok bool) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		problem(w, "method_not_allowed")
		return c, false
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
	if err != nil {
		problem(w, "body_too_large")
		return c, false
	}
	if err := json.Unmarshal(text, body); err != nil {
		problem(w, "invalid_json")
		return c, false
	}
	if key := strings.Trim(r.Header.Get("Idempotency-Key"), `"`); key != "" {
		hash := fnv.New64a()
		_, _ = io.WriteString(hash, r.URL.Path)
		_, _ = hash.Write(text)
		c.key, c.fingerprint = &key, int64(hash.Sum64())
	}
	return c, true
}

// Ascending, each option once; false where there is nothing to order or no sense in it.
func merge(lines []line) (options []int64, quantities []int32, ok bool) {
	if len(lines) == 0 || len(lines) > linesMax {
		return nil, nil, false
	}
	sort.Slice(lines, func(a, b int) bool { return lines[a].OptionID < lines[b].OptionID })
	options = make([]int64, 0, len(lines))
	quantities = make([]int32, 0, len(lines))
	for _, l := range lines {
		if l.OptionID < 1 || l.OptionID >= idMax || l.Quantity < 1 || l.Quantity > quantityMax {
			return nil, nil, false
		}
		last := len(options) - 1
		if last < 0 || options[last] != l.OptionID {
			options = append(options, l.OptionID)
			quantities = append(quantities, int32(l.Quantity))
			continue
		}
		if int64(quantities[last])+l.Quantity > quantityMax {
			return nil, nil, false
		}
		quantities[last] += int32(l.Quantity)
	}
	return options, quantities, true
}

func (s *shop) orders(w http.ResponseWriter, r *http.Request) {
	var body struct {
		UserID int64  `json:"user_id"`
		Lines  []line `json:"lines"`
	}
	c, ok := readCommand(w, r, &body)
	if !ok || !mayActFor(w, r, body.UserID) {
		return
	}
	options, quantities, ok := merge(body.Lines)
	if !ok {
		problem(w, "invalid_request")
		return
	}
	c.user = body.UserID
	out, err := s.store.placeOrder(c, options, quantities)
	if refused(w, out, err) {
		return
	}
	order := newDocument()
	order.text("order_id", out.id.String())
	order.text("status", "paid")
	order.number("total", out.amount)
	order.number("discount", 0)
	order.number("paid", out.amount)
	order.number("balance", out.result)
	order.send(w, http.StatusCreated, "/v1/orders/"+out.id.String())
}

func (s *shop) templates(w http.ResponseWriter, r *http.Request) {
	var body struct {
		UserID int64 `json:"user_id"`
	}
	template := pathID(r.URL.Path, "/v1/coupon-templates/", "issues")
	if template < 1 {
		problem(w, "not_found")
		return
	}
	c, ok := readCommand(w, r, &body)
	if !ok || !mayActFor(w, r, body.UserID) {
		return
	}
	c.user = body.UserID
	out, err := s.store.issueCoupon(c, template)
	if refused(w, out, err) {
		return
	}
	coupon := newDocument()
	coupon.text("coupon_id", out.id.String())
	coupon.number("template_id", template)
	coupon.number("user_id", c.user)
	coupon.number("position", out.result)
	coupon.text("status", "available")
	coupon.send(w, http.StatusCreated, "/v1/users/"+strconv.FormatInt(c.user, 10)+"/coupons")
}

func (s *shop) users(w http.ResponseWriter, r *http.Request) {
	if user := pathID(r.URL.Path, "/v1/users/", "charges"); user > 0 {
		s.charges(w, r, user)
	} else if user := pathID(r.URL.Path, "/v1/users/", "balance"); user > 0 {
		s.balance(w, r, user)
	} else {
		problem(w, "not_found")
	}
}

func (s *shop) charges(w http.ResponseWriter, r *http.Request, user int64) {
	var body struct {
		Amount int64 `json:"amount"`
	}
	c, ok := readCommand(w, r, &body)
	if !ok || !mayActFor(w, r, user) {
		return
	}
	if body.Amount < 1 || body.Amount > 1e12 {
		problem(w, "invalid_request")
		return
	}
	c.user = user
	out, err := s.store.charge(c, body.Amount)
	if refused(w, out, err) {
		return
	}
	wallet := newDocument()
	wallet.number("user_id", user)
	wallet.number("balance", out.result)
	wallet.number("amount", out.amount)
	wallet.send(w, http.StatusOK, "")
}

func (s *shop) balance(w http.ResponseWriter, r *http.Request, user int64) {
	if !mayActFor(w, r, user) {
		return
	}
	balance, ok, err := s.store.balance(user)
	if err != nil {
		problem(w, "unavailable")
		return
	}
	if !ok {
		problem(w, "unknown_wallet")
		return
	}
	wallet := newDocument()
	wallet.number("user_id", user)
	wallet.number("balance", balance)
	wallet.send(w, http.StatusOK, "")
}

func (s *shop) readyz(w http.ResponseWriter, _ *http.Request) {
	if err := s.store.ready(); err != nil {
		problem(w, "unavailable")
		return
	}
	status := newDocument()
	status.text("status", "ready")
	status.send(w, http.StatusOK, "")
}
