package main

import (
	"encoding/hex"
	"log"
	"net/http"
	"strconv"
)

// The status and the sentence of each problem's code.
var problems = map[string]struct {
	status int
	title  string
}{
	"invalid_json":           {400, "The body is not JSON"},
	"invalid_request":        {400, "The request is not valid"},
	"unauthenticated":        {401, "Nobody is signed in"},
	"forbidden":              {403, "That is somebody else's"},
	"not_found":              {404, "There is nothing here"},
	"unknown_wallet":         {404, "There is no such wallet"},
	"unknown_option":         {404, "There is no such option"},
	"unknown_template":       {404, "There is no such coupon template"},
	"method_not_allowed":     {405, "This path does not know that method"},
	"insufficient_balance":   {409, "The balance does not suffice"},
	"insufficient_stock":     {409, "There are not so many left"},
	"coupon_sold_out":        {409, "All coupons are given out"},
	"coupon_already_issued":  {409, "This user has the coupon already"},
	"body_too_large":         {413, "The body is too large"},
	"idempotency_key_reused": {422, "The key belongs to another request"},
	"unavailable":            {503, "The database does not answer"},
}

// A flat JSON object in the making; texts are ours and need no escapes.
type document struct {
	bytes []byte
}

func newDocument() *document {
	return &document{bytes: append(make([]byte, 0, 256), '{')}
}

func (d *document) name(name string) {
	if len(d.bytes) > 1 {
		d.bytes = append(d.bytes, ',')
	}
	d.bytes = append(d.bytes, '"')
	d.bytes = append(d.bytes, name...)
	d.bytes = append(d.bytes, '"', ':')
}

func (d *document) text(name, value string) {
	d.name(name)
	d.bytes = append(d.bytes, '"')
	d.bytes = append(d.bytes, value...)
	d.bytes = append(d.bytes, '"')
}

func (d *document) number(name string, value int64) {
	d.name(name)
	d.bytes = strconv.AppendInt(d.bytes, value, 10)
}

func (d *document) send(w http.ResponseWriter, status int, location string) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	if location != "" {
		header.Set("Location", location)
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(d.bytes, '}')) // a client that has left is nobody's trouble
}

func problem(w http.ResponseWriter, code string) {
	known, ok := problems[code]
	if !ok {
		panic("no problem has the code " + code)
	}
	d := newDocument()
	d.text("type", "about:blank")
	d.text("title", known.title)
	d.number("status", int64(known.status))
	d.text("code", code)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(known.status)
	_, _ = w.Write(append(d.bytes, '}'))
}

// Answers all but a command that was done.
func refused(w http.ResponseWriter, out outcome, err error) bool {
	if err != nil {
		log.Print("service: ", err)
		problem(w, "unavailable")
		return true
	}
	if out.verdict != "done" {
		problem(w, out.verdict)
		return true
	}
	return false
}

func (id uuid) String() string {
	var text [36]byte
	hex.Encode(text[0:8], id[0:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:36], id[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
