package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"
)

// idlers is how many connections to each replica say that much will come.
const idlers = 100

// idle opens connections to the replicas that claim a long body and send nothing of it, or its beginning. They stay open until
// hangUp is called. That a replica closes one is no error.
func (g *gate) idle(ctx context.Context) (hangUp func(), err error) {
	var open []net.Conn
	dialer := tls.Dialer{
		NetDialer: &net.Dialer{Timeout: 5 * time.Second},
		Config:    &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // it is our own process, on loopback
	}
	for _, r := range g.replicas {
		for i := range idlers {
			conn, dialed := dialer.DialContext(ctx, "tcp", r.address)
			if dialed != nil {
				err = errors.Join(err, dialed)
				break
			}
			open = append(open, conn)
			_, _ = fmt.Fprintf(conn, "POST /validate HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%*s",
				7<<20, i, "{")
		}
	}
	return func() {
		for _, conn := range open {
			_ = conn.Close()
		}
	}, err
}
