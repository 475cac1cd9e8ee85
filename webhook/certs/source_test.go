package certs

import (
	"crypto/tls"
	"errors"
	"fmt"
	"testing"
	"time"
)

// fakeIssuer gives what it is told to.
type fakeIssuer struct{ newest *tls.Certificate }

func (f *fakeIssuer) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if f.newest == nil {
		return nil, errors.New("not yet")
	}
	return f.newest, nil
}

// story plays what happens to a Source. All durations count from the start.
type story struct {
	*testing.T
	Source
	clock  time.Duration
	issuer fakeIssuer
}

const settleTime = 10 * time.Second

func newStory(t *testing.T) *story {
	s := &story{T: t}
	s.Source = Source{issuer: &s.issuer, settle: settleTime, now: func() time.Time { return at(s.clock) }}
	return s
}

// publish puts authorities into the caBundles of two webhooks.
func (s *story) publish(known ...maker) {
	s.observe(known[0].Certificate, []trust{trustIn("one", known...), trustIn("two", known...)})
}

func trustIn(where string, known ...maker) trust {
	out := trust{where: where}
	for _, m := range known {
		out.authorities = append(out.authorities, m.Certificate)
	}
	return out
}

func (s *story) serves(what string, want *tls.Certificate) {
	s.Helper()
	got, err := s.GetCertificate(nil)
	if err != nil {
		s.Fatal(err)
	}
	if got != want {
		s.Errorf("%s: serves the other one at %s", what, s.clock)
	}
}

func (s *story) ready(want string) {
	s.Helper()
	if got := fmt.Sprint(s.Ready(nil)); got != want {
		s.Errorf("at %s: %s\nwant %s", s.clock, got, want)
	}
}

const oneHour = time.Hour

func TestFirstCertificateIsServedAtOnce(t *testing.T) {
	s, ca := newStory(t), newAuthority(t, "ca", 0, oneHour)
	s.ready("not yet")
	s.issuer.newest = ca.leaf(t, 0, time.Minute)
	s.serves("start", s.issuer.newest)
	s.ready("the webhook configurations have not been read yet")
	s.observe(ca.Certificate, []trust{trustIn("one", ca), trustIn("two")})
	s.ready("two does not verify the serving certificate")
	s.publish(ca)
	s.clock = settleTime - 1
	s.ready("some API servers may not know the serving certificate yet")
	s.clock++
	s.ready("<nil>")
	leaf, authority := s.Expiry()
	if !leaf.Equal(at(time.Minute)) || !authority.Equal(at(oneHour)) {
		t.Errorf("expire at %s and %s", leaf, authority)
	}
	s.clock = time.Minute + 1
	s.ready("one does not verify the serving certificate")
}

func TestNewAuthorityIsHeldBack(t *testing.T) {
	s := newStory(t)
	before, after := newAuthority(t, "before", 0, oneHour), newAuthority(t, "after", time.Minute, oneHour)
	older := before.leaf(t, 0, oneHour)
	s.issuer.newest = older
	s.publish(before)
	s.serves("start", older)

	s.clock = time.Minute
	s.ready("<nil>")
	newer := after.leaf(t, time.Minute, oneHour)
	s.issuer.newest = newer
	s.serves("not published", older)
	s.clock += settleTime
	s.observe(after.Certificate, []trust{trustIn("one", after, before), trustIn("two", before)})
	s.serves("published in one", older)
	s.publish(after, before)
	published := s.clock
	s.clock = published + settleTime - 1
	s.serves("published a moment ago", older)
	s.publish(after, before) // an event that changes nothing
	s.ready("<nil>")
	s.clock = published + settleTime
	s.serves("settled", newer)
	s.ready("<nil>")
}

func TestRenewedCertificateIsHeldBack(t *testing.T) {
	s, ca := newStory(t), newAuthority(t, "ca", 0, oneHour)
	older, newer := ca.leaf(t, 0, oneHour), ca.leaf(t, time.Minute, oneHour)
	s.publish(ca)
	s.issuer.newest = older
	s.serves("start", older)
	s.issuer.newest = newer
	s.clock = time.Minute + settleTime - 1
	s.serves("a clock behind ours does not take it", older)
	s.clock++
	s.serves("old enough", newer)
}

func TestUnusableCertificateIsLeft(t *testing.T) {
	before, after := newAuthority(t, "before", 0, oneHour), newAuthority(t, "after", time.Minute, oneHour)
	tests := map[string]struct {
		until time.Duration
		known []maker
	}{
		"expired":              {until: time.Minute, known: []maker{after, before}},
		"its authority is out": {until: oneHour, known: []maker{after}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStory(t)
			s.issuer.newest = before.leaf(t, 0, tt.until)
			s.publish(before)
			s.serves("start", s.issuer.newest)
			s.clock = time.Minute + 1
			s.issuer.newest = after.leaf(t, time.Minute, oneHour)
			s.publish(tt.known...)
			s.serves("at once", s.issuer.newest)
		})
	}
}

func TestAbsenceStartsTheWaitAnew(t *testing.T) {
	s := newStory(t)
	before, after := newAuthority(t, "before", 0, oneHour), newAuthority(t, "after", 0, oneHour)
	older, newer := before.leaf(t, 0, oneHour), after.leaf(t, 0, oneHour)
	s.issuer.newest = older
	s.publish(before, after)
	s.serves("start", older)
	s.clock = time.Minute
	s.ready("<nil>")
	s.publish(before)
	s.publish(before, after)
	s.ready("<nil>") // it was ready before: the certificate that it serves was known all the time
	s.issuer.newest = newer
	s.serves("back again", older)
	s.clock += settleTime
	s.serves("settled", newer)
}
